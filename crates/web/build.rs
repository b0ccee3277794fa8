//! The built front end (`frontend/dist`) is embedded. Without it the crate still compiles: pages then lack their looks,
//! and say so once in the log.

use std::path::Path;

fn main() {
    let dist = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/dist");
    let manifest = dist.join("manifest.json");
    if let Err(e) = std::fs::create_dir_all(&dist) {
        println!("cargo:warning=cannot create {}: {e}", dist.display());
    }
    if !manifest.exists() {
        println!("cargo:warning=frontend/dist is empty: run `npm ci && npm run build` in frontend/ for pages with styles and scripts");
    }
    println!("cargo:rerun-if-changed={}", manifest.display());
    println!("cargo:rerun-if-changed=build.rs");
}
