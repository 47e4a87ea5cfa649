//! Makes the service's trait and client from a description in Rust: there is no .proto file, and protoc is not
//! needed. The messages are in `src/messages.rs`.

use tonic_build::manual::{Builder, Method, MethodBuilder, Service};

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    let sums = Service::builder()
        .name("Sums")
        .package("sums")
        .comment("Sums, with streams in each direction.")
        .method(method("add", "Add", "Pair", "Sum").comment("The sum of two.").build())
        .method(
            method("total", "Total", "Number", "Sum")
                .comment("The sum of all that comes.")
                .client_streaming()
                .build(),
        )
        .method(
            method("count", "Count", "Range", "Number")
                .comment("The numbers of a range, one by one.")
                .server_streaming()
                .build(),
        )
        .method(
            method("running", "Running", "Number", "Sum")
                .comment("The sum so far, after each number.")
                .client_streaming()
                .server_streaming()
                .build(),
        )
        .build();
    Builder::new().compile(&[sums]);
}

fn method(name: &str, route: &str, input: &str, output: &str) -> MethodBuilder {
    Method::builder()
        .name(name)
        .route_name(route)
        .input_type(format!("crate::messages::{input}"))
        .output_type(format!("crate::messages::{output}"))
        .codec_path("tonic_prost::ProstCodec")
}
