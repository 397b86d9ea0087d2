//! From a lazy request to its answer: address, headers and body; sending with credentials and their renewal; reading
//! what came back.

mod body;
mod build;
mod parallel;
mod read;
mod send;
