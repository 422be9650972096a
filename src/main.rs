//! The `rotaline` command.

fn main() {}
