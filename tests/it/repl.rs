//! The console, through a pipe: entries in, results and reports out.

use crate::support::command::{Printed, connrun};

fn session(arguments: &str, entries: &str) -> Printed {
    connrun(&format!("repl {arguments}"))
        .file("customers.conn", include_str!("../../connectors/customers.conn"))
        .stdin(entries)
        .run()
}

#[test]
fn entries_share_variables() {
    let printed = session(
        "",
        "x = [1, 2, 3]\n\
         x.map do |n|\n  n * 2\nend\n\
         size = -> { x.size }\n\
         x << 4\n\
         size.()\n\
         _ + 1\n\
         x = []\n\
         size.()\n\
         1 +\n2\n\
         <<~TEXT\n  hello\nTEXT\n\
         'a5b' =~ /a(\\d)b/; $1\n\
         @a = 1\n\
         @a\n\
         def twice(n) n * 2 end\n\
         twice(4)\n\
         { a: 1, 'b' => [nil, :sym] }\n",
    );
    assert_eq!((printed.status, printed.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(printed.stdout, @r#"
    => [1, 2, 3]
    => [2, 4, 6]
    => #<Proc (lambda)>
    => [1, 2, 3, 4]
    => 4
    => 5
    => []
    => 0
    => 3
    => "hello\n"
    => "5"
    => 1
    => 1
    => :twice
    => 8
    => {:a=>1, "b"=>[nil, :sym]}
    "#);
}

#[test]
fn failures_are_told_and_the_console_goes_on() {
    let printed = session("", "size = ->(list) { list.size }\nsize.(nil)\nx = = 1\n[1].frist\n2\n");
    assert_eq!(printed.status, 1);
    insta::assert_snapshot!(format!("{}{}", printed.stdout, printed.stderr));
}

#[test]
fn commands() {
    let printed = session("", ":help pluck\n:vars\n:help\n:quit\nnot read\n");
    assert_eq!((printed.status, printed.stderr.as_str()), (0, ""));
    insta::assert_snapshot!(printed.stdout);
}

#[test]
fn a_connector_is_at_hand() {
    let printed = session(
        "-c customers.conn --sandbox",
        "get('/v1/customers.json', limit: 1)['customers'].pluck('name')\n\
         :run actions.get_customer_by_id {\"id\": 1234}\n\
         _['email']\n\
         :run actions.nope\n",
    );
    assert_eq!(printed.status, 2);
    insta::assert_snapshot!(format!("{}{}", printed.stdout, printed.stderr));
}
