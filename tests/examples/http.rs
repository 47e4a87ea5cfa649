//! `http`: its answers, over connections that are kept alive, and what it says at the start.

use std::io::{BufReader, Read, Write};
use std::net::{SocketAddr, TcpStream};

use crate::child::{Child, connect};
use crate::response::{Response, read_response};

struct Client(BufReader<TcpStream>);

impl Client {
    fn new(address: SocketAddr) -> Self {
        Self(BufReader::new(connect(address)))
    }

    fn ask(&mut self, method: &str, path: &str, body: &str) -> Response {
        let head =
            format!("{method} {path} HTTP/1.1\r\nhost: test\r\ncontent-length: {}\r\n\r\n", body.len());
        self.0.get_mut().write_all((head + body).as_bytes()).unwrap();
        read_response(&mut self.0)
    }
}

#[test]
fn it_says_what_to_open_and_what_to_type() {
    let (server, address) = Child::serve("http", &[]);
    assert_eq!(server.line(), format!("open in a browser:  http://{address}/"));
    assert_eq!(server.line(), format!("or type:            curl http://{address}/hello"));
    server.stop();
}

#[test]
fn requests_of_every_kind_on_one_connection() {
    let (server, address) = Child::serve("http", &[]);
    let mut client = Client::new(address);
    let page = client.ask("GET", "/", "");
    assert_eq!((page.status, page.header("content-type")), (200, "text/html; charset=utf-8"));
    assert!(page.body.contains("<h1>It works</h1>"), "{}", page.body);

    let hello = client.ask("GET", "/hello", "");
    assert_eq!((hello.status, &*hello.body), (200, "hello\n"));
    assert_eq!(hello.header("content-type"), "text/plain");

    // Longer than any buffer on the way.
    let long = "0123456789".repeat(100_000);
    for body in ["", "some text", &long] {
        let echo = client.ask("POST", "/echo", body);
        assert_eq!(echo.status, 200);
        assert!(echo.body == body, "{} bytes there, {} back", body.len(), echo.body.len());
    }

    for (method, path) in [("GET", "/nothing"), ("POST", "/hello"), ("GET", "/echo"), ("DELETE", "/")] {
        let missing = client.ask(method, path, "");
        assert_eq!((missing.status, &*missing.body), (404, "not found\n"), "{method} {path}");
    }
    // Still the same connection, and still answered.
    assert_eq!(client.ask("GET", "/hello", "").status, 200);
    server.stop();
}

#[test]
fn what_is_not_http_gets_400_and_the_next_client_its_answer() {
    let (server, address) = Child::serve("http", &[]);
    let mut stream = connect(address);
    stream.write_all(b"this is not HTTP\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    assert!(answer.starts_with("HTTP/1.1 400 Bad Request\r\n"), "{answer}");
    assert_eq!(Client::new(address).ask("GET", "/hello", "").status, 200);
    server.stop();
}

#[test]
fn many_clients_at_the_same_time() {
    let (server, address) = Child::serve("http", &[]);
    let mut clients: Vec<Client> = (0..200).map(|_| Client::new(address)).collect();
    for round in 0..5 {
        // All ask before any reads.
        for client in &mut clients {
            client.0.get_mut().write_all(b"GET /hello HTTP/1.1\r\nhost: test\r\n\r\n").unwrap();
        }
        for client in &mut clients {
            assert_eq!(read_response(&mut client.0).body, "hello\n", "round {round}");
        }
    }
    server.stop();
}
