//! Rebuilds the crate when a locale file appears, changes or goes: the embedding macro alone sees only files it knew.
fn main() {
    println!("cargo:rerun-if-changed=locales");
}
