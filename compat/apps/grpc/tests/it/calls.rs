//! Every kind of call gives what it should, alone and among many.

use futures_util::{StreamExt, stream};
use grpc::messages::{Number, Pair, Range, Sum};
use loopback::drive;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tonic::Code;

use crate::{client, start};

#[test]
fn two_are_added_or_found_too_large() {
    drive(|| async {
        let server = start().await;
        let mut client = client(&server).await;
        let sum = client.add(Pair { left: 2, right: 3 }).await.unwrap().into_inner();
        assert_eq!(sum, Sum { value: 5, count: 2 });
        let refusal = client.add(Pair { left: i64::MAX, right: 1 }).await.unwrap_err();
        assert_eq!((refusal.code(), refusal.message()), (Code::OutOfRange, "the sum is beyond 64 bits"));
        drop(client);
        server.end().await;
    });
}

#[test]
fn a_stream_in_is_summed_up() {
    drive(|| async {
        let server = start().await;
        let mut client = client(&server).await;
        let numbers = stream::iter(1..=10_000).map(|value| Number { value });
        let sum = client.total(numbers).await.unwrap().into_inner();
        assert_eq!(sum, Sum { value: 50_005_000, count: 10_000 });
        drop(client);
        server.end().await;
    });
}

#[test]
fn a_stream_out_comes_whole_and_in_order() {
    drive(|| async {
        let server = start().await;
        let mut client = client(&server).await;
        let mut numbers = client.count(Range { first: 1, last: 10_000 }).await.unwrap().into_inner();
        for value in 1..=10_000 {
            assert_eq!(numbers.message().await.unwrap(), Some(Number { value }));
        }
        assert_eq!(numbers.message().await.unwrap(), None);
        let refusal = client.count(Range { first: 2, last: 1 }).await.unwrap_err();
        assert_eq!(refusal.code(), Code::InvalidArgument);
        drop(client);
        server.end().await;
    });
}

#[test]
fn a_stream_each_way_answers_one_by_one() {
    drive(|| async {
        let server = start().await;
        let mut client = client(&server).await;
        let (numbers, outgoing) = mpsc::channel(1);
        let mut sums = client.running(ReceiverStream::new(outgoing)).await.unwrap().into_inner();
        for count in 1..=100 {
            numbers.send(Number { value: 2 }).await.unwrap();
            // The answer is there before the next number goes out.
            assert_eq!(sums.message().await.unwrap(), Some(Sum { value: 2 * count as i64, count }));
        }
        drop(numbers);
        assert_eq!(sums.message().await.unwrap(), None);
        drop((client, sums));
        server.end().await;
    });
}

#[test]
fn many_streams_share_a_connection() {
    drive(|| async {
        const STREAMS: i64 = 50;
        let server = start().await;
        let client = client(&server).await;
        let streams = (0..STREAMS).map(|first| {
            let mut client = client.clone();
            tokio::spawn(async move {
                let range = Range { first, last: first + 199 };
                let numbers = client.count(range).await.unwrap().into_inner();
                let numbers = numbers.map(|number| number.unwrap());
                let sum = client.total(numbers).await.unwrap().into_inner();
                assert_eq!(sum, Sum { value: 200 * first + 199 * 100, count: 200 });
            })
        });
        for stream in streams.collect::<Vec<_>>() {
            stream.await.unwrap();
        }
        drop(client);
        server.end().await;
    });
}
