//! Finds DejaVu Sans, which has every letter of our languages and ₴, and embeds it: from the npm package of the front end or
//! from the system. Without it the crate compiles, and printing says what is missing.

use std::path::{Path, PathBuf};

const FILES: [&str; 2] = ["DejaVuSans.ttf", "DejaVuSans-Bold.ttf"];

fn main() {
    println!("cargo:rerun-if-env-changed=KONTOR_FONTS");
    let places: Vec<PathBuf> = std::env::var_os("KONTOR_FONTS")
        .map(PathBuf::from)
        .into_iter()
        .chain([
            Path::new(env!("CARGO_MANIFEST_DIR")).join("../../frontend/node_modules/dejavu-fonts-ttf/ttf"),
            // Debian and Ubuntu: fonts-dejavu-core.
            PathBuf::from("/usr/share/fonts/truetype/dejavu"),
            PathBuf::from("/usr/share/fonts/dejavu-sans-fonts"),
        ])
        .collect();
    let out = PathBuf::from(std::env::var_os("OUT_DIR").expect("cargo names OUT_DIR"));
    let found = places.iter().find(|p| FILES.iter().all(|f| p.join(f).is_file()));
    for f in FILES {
        let bytes = found.map(|p| std::fs::read(p.join(f)).expect("the font can be read")).unwrap_or_default();
        std::fs::write(out.join(f), bytes).expect("OUT_DIR can be written");
    }
    match found {
        Some(p) => println!("cargo:rerun-if-changed={}", p.join(FILES[0]).display()),
        None => println!(
            "cargo:warning=DejaVu Sans was not found (apt-get install fonts-dejavu-core, or set KONTOR_FONTS): PDF is switched off"
        ),
    }
}
