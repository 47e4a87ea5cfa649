//! What all servers do alike: options, errors and signals.

use std::net::TcpListener;

use crate::child::{Child, connect};

const SERVERS: [&str; 5] = ["echo", "http", "chat", "delayserver", "graceful_shutdown"];

#[test]
fn ctrl_c_and_sigterm_end_every_server_with_0() {
    for server in SERVERS {
        for signal in ["INT", "TERM"] {
            let (child, address) = Child::serve(server, &[]);
            // One that holds a connection ends as well.
            let _open = connect(address);
            child.signal(signal);
            let end = child.end();
            assert_eq!(end.status.code(), Some(0), "{server} after SIG{signal}: {}", end.errors);
            assert_eq!(end.errors, "", "{server}");
        }
    }
}

#[test]
fn a_port_in_use_is_one_line_and_exit_code_1() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap().to_string();
    for server in SERVERS {
        let end = Child::start(server, &["--addr", &address]).end();
        assert_eq!(end.status.code(), Some(1), "{server}");
        assert_eq!(end.output, [""; 0], "{server}");
        assert_eq!(end.errors.lines().count(), 1, "{server}: {}", end.errors);
        assert!(end.errors.starts_with(&format!("Error: cannot listen on {address}: ")), "{}", end.errors);
    }
}

#[test]
fn an_address_that_is_none_is_one_line_and_exit_code_1() {
    for address in ["nowhere", "127.0.0.1:99999"] {
        let end = Child::start("echo", &["--addr", address]).end();
        assert_eq!(end.status.code(), Some(1), "{address}");
        assert_eq!(end.errors.lines().count(), 1, "{}", end.errors);
        assert!(end.errors.contains(address), "{}", end.errors);
    }
}

#[test]
fn a_wrong_option_is_one_line_with_the_usage_and_exit_code_2() {
    for server in SERVERS {
        for arguments in [&["--adr", "127.0.0.1:0"][..], &["--addr"], &["127.0.0.1:0"], &["--"], &[""]] {
            let end = Child::start(server, arguments).end();
            assert_eq!(end.status.code(), Some(2), "{server} {arguments:?}");
            assert_eq!(end.errors.lines().count(), 1, "{server}: {}", end.errors);
            assert!(end.errors.contains(&format!("usage: {server} [--addr HOST:PORT]")), "{}", end.errors);
        }
    }
    for arguments in [["--client", "x", "--requests", "many"], ["--client", "x", "--connections", "-1"]] {
        assert_eq!(Child::start("echo", &arguments).end().status.code(), Some(2), "{arguments:?}");
    }
}

#[test]
fn help_is_the_usage_and_exit_code_0() {
    let end = Child::start("http", &["--help"]).end();
    assert_eq!(end.output, ["usage: http [--addr HOST:PORT]"]);
    assert_eq!(end.status.code(), Some(0));
}
