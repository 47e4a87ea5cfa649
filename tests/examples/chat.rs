//! `chat`: names, lines, joining and leaving, and a guest who does not read.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpStream};

use crate::child::{Child, connect};

struct Guest(BufReader<TcpStream>);

impl Guest {
    /// Before the name is given.
    fn arrive(address: SocketAddr) -> Self {
        let mut guest = Self(BufReader::new(connect(address)));
        assert_eq!(guest.hear(), "your name?");
        guest
    }

    /// In the room, seen by those who are there.
    fn join(address: SocketAddr, name: &str, present: &mut [&mut Guest]) -> Self {
        let mut guest = Self::arrive(address);
        guest.say(name);
        let welcome = guest.hear();
        assert!(welcome.starts_with("* welcome; here are: ") && welcome.contains(name), "{welcome}");
        for other in present {
            assert_eq!(other.hear(), format!("* {name} joined"));
        }
        guest
    }

    fn say(&mut self, line: &str) {
        // In one write, so that Nagle's rule has nothing to hold back.
        self.0.get_mut().write_all(format!("{line}\n").as_bytes()).unwrap();
    }

    fn hear(&mut self) -> String {
        let mut line = String::new();
        self.0.read_line(&mut line).unwrap();
        line.strip_suffix('\n').expect("a whole line").to_owned()
    }
}

#[test]
fn what_one_says_all_others_hear_in_the_same_order() {
    let (server, address) = Child::serve("chat", &[]);
    let mut anna = Guest::join(address, "anna", &mut []);
    let mut bert = Guest::join(address, "bert", &mut [&mut anna]);
    let mut carl = Guest::join(address, "carl", &mut [&mut anna, &mut bert]);

    anna.say("hello");
    assert_eq!(bert.hear(), "anna: hello");
    assert_eq!(carl.hear(), "anna: hello");
    // anna heard nothing of her own: what she hears next is bert's.
    bert.say("hello, anna");
    assert_eq!(anna.hear(), "bert: hello, anna");
    assert_eq!(carl.hear(), "bert: hello, anna");

    drop(carl);
    assert_eq!(anna.hear(), "* carl left");
    assert_eq!(bert.hear(), "* carl left");
    server.stop();
}

#[test]
fn a_name_is_one_guests_only_and_not_empty() {
    let (server, address) = Child::serve("chat", &[]);
    let mut anna = Guest::join(address, "anna", &mut []);
    let mut bert = Guest::join(address, "bert", &mut [&mut anna]);
    let mut other = Guest::arrive(address);
    other.say("anna");
    assert_eq!(other.hear(), "that name is taken; your name?");
    other.say("  ");
    assert_eq!(other.hear(), "a name has at least one letter; your name?");
    // Free again once its guest has left.
    drop(anna);
    assert_eq!(bert.hear(), "* anna left");
    other.say("anna");
    assert_eq!(other.hear(), "* welcome; here are: anna, bert");
    assert_eq!(bert.hear(), "* anna joined");
    server.stop();
}

/// More than the sockets of one connection hold, in lines of a kibibyte.
const LINES: usize = 32 * 1024;

/// Lines under way at a time: fewer than the room keeps, so that those who read miss none.
const WINDOW: usize = 64;

#[test]
fn a_guest_who_does_not_read_holds_up_nobody_and_is_told_what_it_missed() {
    let (server, address) = Child::serve("chat", &[]);
    let mut reader = Guest::join(address, "reader", &mut []);
    let mut sleeper = Guest::join(address, "sleeper", &mut [&mut reader]);
    let mut speaker = Guest::join(address, "speaker", &mut [&mut reader]);

    let filler = "x".repeat(1000);
    for first in (0..LINES).step_by(WINDOW) {
        let lines: String = (first..first + WINDOW).map(|number| format!("{number} {filler}\n")).collect();
        speaker.0.get_mut().write_all(lines.as_bytes()).unwrap();
        for number in first..first + WINDOW {
            assert_eq!(reader.hear(), format!("speaker: {number} {filler}"));
        }
    }
    speaker.say("the end");
    assert_eq!(reader.hear(), "speaker: the end");

    // Now the sleeper wakes up: some lines, then how many are missing, then the last ones. Each line is counted once.
    let mut counted = 0;
    let mut missed = 0;
    assert_eq!(sleeper.hear(), "* speaker joined");
    loop {
        let line = sleeper.hear();
        if let Some(rest) = line.strip_prefix("* you missed ") {
            let count: usize = rest.strip_suffix(" lines").unwrap().parse().unwrap();
            missed += count;
            counted += count;
        } else if line == "speaker: the end" {
            break;
        } else {
            assert_eq!(line, format!("speaker: {counted} {filler}"));
            counted += 1;
        }
    }
    assert_eq!(counted, LINES);
    assert!(missed > 0, "the sleeper missed nothing, so its sockets held everything");
    server.stop();
}

#[test]
fn an_endless_line_ends_its_guest_alone() {
    let (server, address) = Child::serve("chat", &[]);
    let mut anna = Guest::join(address, "anna", &mut []);
    let mut endless = Guest::join(address, "endless", &mut [&mut anna]);
    endless.0.get_mut().write_all(&[b'x'; 8 * 1024]).unwrap();
    assert_eq!(anna.hear(), "* endless left");
    let _other = Guest::join(address, "other", &mut [&mut anna]);
    server.stop();
}
