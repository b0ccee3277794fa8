//! Passwords: Argon2id with a salt of their own; how long they must be.

use argon2::Argon2;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use kontor_kernel::error::{Error, Result};
use std::sync::OnceLock;

/// Argon2id with a salt of its own, in the PHC form.
pub fn hash_password(password: &str) -> Result<String> {
    let hash = Argon2::default().hash_password(password.as_bytes()).map_err(Error::internal)?;
    Ok(hash.to_string())
}

/// Whether the password is the one that was hashed.
pub fn verify_password(password: &str, hash: &str) -> bool {
    PasswordHash::new(hash).is_ok_and(|h| Argon2::default().verify_password(password.as_bytes(), &h).is_ok())
}

/// At least ten characters, not all alike; longer than any sensible password is refused before hashing.
pub fn check_password(password: &str) -> Result<()> {
    let n = password.chars().count();
    let first = password.chars().next();
    if !(10..=256).contains(&n) || password.chars().all(|c| Some(c) == first) {
        return Err(Error::field("password", "weak_password").field_arg("min", 10));
    }
    Ok(())
}

/// A stored hash that no password fits: an unknown login costs as much time as a wrong password.
pub(super) fn decoy() -> Result<&'static str> {
    static DECOY: OnceLock<String> = OnceLock::new();
    if let Some(known) = DECOY.get() {
        return Ok(known);
    }
    let made = hash_password("no such user, the same time")?;
    Ok(DECOY.get_or_init(|| made))
}
