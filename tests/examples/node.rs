//! `node`: what it prints, when, and in which order.

use crate::child::Child;

/// When a line came, and the line.
fn lines(child: Child) -> Vec<(f64, String)> {
    let end = child.end();
    assert_eq!(end.status.code(), Some(0), "{}", end.errors);
    let split = |line: &String| {
        let (time, text) = line.split_once(' ').expect("a time and a text");
        (time.parse().expect("seconds"), text.to_owned())
    };
    end.output.iter().map(split).collect()
}

fn check(lines: &[(f64, String)]) {
    let at = |text: &str| {
        lines
            .iter()
            .position(|(_, line)| line.starts_with(text))
            .unwrap_or_else(|| panic!("no line starts with {text:?}: {lines:#?}"))
    };
    // Each row of the example's table comes whole before the next.
    let rows = [
        &["timer 0, first", "timer 0, second"][..],
        &["timer 1000", "first read: ", "second read: "],
        &["third read: ", "HTTP/1.1 200 OK: answer-after-two-seconds"],
        &["timer 3000"],
        &["timer 500, nested in 3000", "done"],
    ];
    for pair in rows.windows(2) {
        let last = pair[0].iter().map(|text| at(text)).max();
        let first = pair[1].iter().map(|text| at(text)).min();
        assert!(last < first, "{:?} before {:?}: {lines:#?}", pair[0], pair[1]);
    }
    assert!(at("timer 0, first") < at("timer 0, second"), "{lines:#?}");
    assert_eq!(at("done"), lines.len() - 1, "{lines:#?}");
    at("fibonacci(39) = 63245986");
    assert_eq!(lines.len(), 11, "{lines:#?}");

    // Nothing early. Late: as much as a loaded machine may need, but less than if anything had waited for anything else.
    for (earliest, row) in [0.0, 1.0, 2.0, 3.0, 3.5].iter().zip(rows) {
        for text in row {
            let time = lines[at(text)].0;
            // It is printed in whole milliseconds.
            assert!(time >= earliest - 0.001 && time < earliest + 0.9, "{text} at {time} s: {lines:#?}");
        }
    }
}

#[test]
fn all_that_waits_waits_side_by_side() {
    check(&lines(Child::start("node", &[])));
}

#[test]
fn the_delay_server_may_be_another_process() {
    let (server, address) = Child::serve("delayserver", &[]);
    check(&lines(Child::start("node", &["--delay-server", &address.to_string()])));
    server.stop();
}

#[test]
fn a_delay_server_that_is_not_there_is_one_line_and_exit_code_1() {
    let (server, address) = Child::serve("delayserver", &[]);
    server.stop();
    let end = Child::start("node", &["--delay-server", &address.to_string()]).end();
    assert_eq!(end.status.code(), Some(1));
    assert_eq!(end.errors.lines().count(), 1, "{}", end.errors);
    assert!(end.errors.starts_with(&format!("Error: cannot connect to {address}: ")), "{}", end.errors);
}
