//! The `connrun` binary: counts memory, hands the process's arguments to the library and exits with its status.

#[global_allocator]
static ALLOCATOR: connrun::cli::Counting = connrun::cli::Counting;

fn main() -> std::process::ExitCode {
    connrun::cli::main()
}
