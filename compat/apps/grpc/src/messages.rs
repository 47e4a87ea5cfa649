//! The messages, as protobuf has them: written by hand, so that nothing has to be generated.

#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Number {
    #[prost(int64, tag = "1")]
    pub value: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Pair {
    #[prost(int64, tag = "1")]
    pub left: i64,
    #[prost(int64, tag = "2")]
    pub right: i64,
}

/// From `first` to `last`, both included.
#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Range {
    #[prost(int64, tag = "1")]
    pub first: i64,
    #[prost(int64, tag = "2")]
    pub last: i64,
}

#[derive(Clone, Copy, PartialEq, Eq, prost::Message)]
pub struct Sum {
    #[prost(int64, tag = "1")]
    pub value: i64,
    /// How many numbers are in it.
    #[prost(uint64, tag = "2")]
    pub count: u64,
}
