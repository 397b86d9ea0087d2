//! Tokens that suspended jobs are resumed by: made of the job, the number of its suspension and what only the state
//! knows, so that a step that runs again after a crash tells the service the same one.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

/// Hexadecimal digits of the part that cannot be guessed.
const DIGITS: usize = 40;

/// `JOB.NUMBER.SIGNATURE`
pub fn of(secret: &str, job: &str, number: u32) -> String {
    format!("{job}.{number}.{}", signature(secret, job, number))
}

/// The job and the number that a token is for, if it is one of this state's.
pub fn read<'t>(secret: &str, token: &'t str) -> Option<(&'t str, u32)> {
    let (rest, given) = token.rsplit_once('.')?;
    let (job, number) = rest.rsplit_once('.')?;
    let number = number.parse().ok()?;
    let own = signature(secret, job, number);
    let differences = own.bytes().zip(given.bytes()).filter(|(own, given)| own != given).count();
    (own.len() == given.len() && differences == 0).then_some((job, number))
}

fn signature(secret: &str, job: &str, number: u32) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(secret.as_bytes()) else { return String::new() };
    mac.update(format!("{job}.{number}").as_bytes());
    hex::encode(mac.finalize().into_bytes()).chars().take(DIGITS).collect()
}

#[cfg(test)]
mod tests {
    use super::{of, read};

    #[test]
    fn a_token_is_read_by_who_made_it() {
        let token = of("secret", "0badcafe-7", 2);
        assert_eq!(read("secret", &token), Some(("0badcafe-7", 2)));
        for wrong in [of("other", "0badcafe-7", 2), token.replace("-7", "-8"), format!("{token}0"), "x.1.".to_owned()] {
            assert_eq!(read("secret", &wrong), None, "{wrong}");
        }
    }
}
