//! The service itself: what is asked is checked, and answered or refused.

use std::pin::Pin;

use futures_util::{Stream, stream};
use tokio::sync::watch;
use tokio_stream::wrappers::ReceiverStream;
use tonic::{Request, Response, Status, Streaming};

use crate::count;
use crate::generated::sums_server;
use crate::messages::{Number, Pair, Range, Sum};

pub(crate) struct Sums {
    /// Becomes true when the service is to stop.
    is_stopping: watch::Receiver<bool>,
}

impl Sums {
    pub(crate) fn new(is_stopping: watch::Receiver<bool>) -> Self {
        Self { is_stopping }
    }
}

#[tonic::async_trait]
impl sums_server::Sums for Sums {
    async fn add(&self, request: Request<Pair>) -> Result<Response<Sum>, Status> {
        let Pair { left, right } = request.into_inner();
        let sum = Sum { value: left, count: 1 };
        Ok(Response::new(plus(sum, Number { value: right })?))
    }

    async fn total(&self, request: Request<Streaming<Number>>) -> Result<Response<Sum>, Status> {
        let mut numbers = request.into_inner();
        let mut sum = Sum::default();
        while let Some(number) = numbers.message().await? {
            sum = plus(sum, number)?;
        }
        Ok(Response::new(sum))
    }

    type CountStream = ReceiverStream<Result<Number, Status>>;

    async fn count(&self, request: Request<Range>) -> Result<Response<Self::CountStream>, Status> {
        let range = request.into_inner();
        if range.first > range.last {
            return Err(Status::invalid_argument(format!("{} is behind {}", range.first, range.last)));
        }
        Ok(Response::new(count::start(range, self.is_stopping.clone())))
    }

    type RunningStream = Pin<Box<dyn Stream<Item = Result<Sum, Status>> + Send>>;

    async fn running(
        &self,
        request: Request<Streaming<Number>>,
    ) -> Result<Response<Self::RunningStream>, Status> {
        let running = Running {
            numbers: request.into_inner(),
            sum: Sum::default(),
            is_stopping: self.is_stopping.clone(),
        };
        Ok(Response::new(Box::pin(stream::try_unfold(running, Running::next))))
    }
}

/// A sum that grows with each number of a stream.
struct Running {
    numbers: Streaming<Number>,
    sum: Sum,
    is_stopping: watch::Receiver<bool>,
}

impl Running {
    async fn next(mut self) -> Result<Option<(Sum, Self)>, Status> {
        let number = tokio::select! {
            number = self.numbers.message() => number?,
            () = stopped(&mut self.is_stopping) => return Err(stopping()),
        };
        let Some(number) = number else { return Ok(None) };
        self.sum = plus(self.sum, number)?;
        Ok(Some((self.sum, self)))
    }
}

/// Completes when the service is to stop.
pub(crate) async fn stopped(is_stopping: &mut watch::Receiver<bool>) {
    // An error is a sender that is gone, which is as good as true.
    let _ = is_stopping.wait_for(|is_stopping| *is_stopping).await;
}

/// What a stream is told that the service's end cuts off.
pub(crate) fn stopping() -> Status {
    Status::unavailable("the service stops")
}

fn plus(sum: Sum, number: Number) -> Result<Sum, Status> {
    let value = sum.value.checked_add(number.value);
    let value = value.ok_or_else(|| Status::out_of_range("the sum is beyond 64 bits"))?;
    Ok(Sum { value, count: sum.count + 1 })
}
