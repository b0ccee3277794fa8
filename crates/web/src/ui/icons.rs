//! Icons: Tabler outline, from one sprite built of the names in `frontend/src/icons.json`.

use crate::assets;
use maud::{Markup, PreEscaped, html};
use std::sync::LazyLock;

static SPRITE: LazyLock<String> = LazyLock::new(|| assets::url("icons.svg"));

/// Address of the sprite; `{sprite}#{name}` is one icon.
pub fn sprite() -> &'static str {
    &SPRITE
}

/// 16 px, decorative: the word stands beside it or in the `aria-label` of its button.
pub fn icon(name: &str) -> Markup {
    draw("ic", name)
}

/// 14 px.
pub fn icon_small(name: &str) -> Markup {
    draw("ic ic-14", name)
}

/// 16 px in the third ink, for the first column of mixed lists.
pub fn icon_muted(name: &str) -> Markup {
    draw("ic m2", name)
}

pub(crate) fn draw(class: &str, name: &str) -> Markup {
    html! { svg class=(class) aria-hidden="true" { use href=(PreEscaped(format!("{}#{name}", sprite()))) {} } }
}

#[cfg(test)]
mod tests {
    /// Every name given to `icon` in this crate stands in the sprite's list.
    #[test]
    fn plt_10_icons_used_are_in_the_sprite() {
        let known: Vec<String> = serde_json::from_str(include_str!("../../../../frontend/src/icons.json")).expect("a list of names");
        let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let mut folders = vec![root];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(folder).expect("readable") {
                let path = entry.expect("readable").path();
                if path.is_dir() {
                    folders.push(path);
                    continue;
                }
                let text = std::fs::read_to_string(&path).expect("utf-8");
                for call in ["icon(\"", "icon_small(\"", "icon_muted(\""] {
                    for (at, _) in text.match_indices(call) {
                        let name = text[at + call.len()..].split('"').next().unwrap_or_default();
                        assert!(known.iter().any(|k| k == name), "{name} of {} is not in frontend/src/icons.json", path.display());
                    }
                }
            }
        }
    }
}
