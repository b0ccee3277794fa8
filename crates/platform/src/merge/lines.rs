//! Lines of one record that several people edited at once, joined by the ids of the lines: edits of different lines and of
//! different columns of one line stand side by side, new lines of both stay, what one removed and the other left alone is gone.
//! The same column of the same line changed to two values is a clash, and so is an edit of a line that the other removed.

use crate::input;
use crate::record::value_json;
use crate::spec::{Column, Lines};
use crate::value::Id;
use kontor_kernel::HashMap;
use serde_json::{Map, Value as Json, json};

/// What two people made of the same lines.
pub(super) struct Joined {
    /// Input of the command: the caller's lines without what he sent back as he had read it, and the new ones of the others.
    pub input: Vec<Json>,
    /// All lines as they would stand, the caller's values where both changed a column.
    pub whole: Vec<Json>,
    pub clashes: Vec<Clash>,
    /// The caller changed something himself.
    pub changed: bool,
}

/// A place that both changed: a column of a line, or the whole line where one of them removed it.
pub(super) struct Clash {
    /// `2.quantity`: place among the caller's lines; none for a line that he removed.
    pub path: Option<String>,
    /// `{id, column?, base, theirs, yours}`; null is a line that was removed.
    pub told: Json,
}

struct Join<'a> {
    spec: &'a Lines,
    base: HashMap<Id, &'a Json>,
    now: HashMap<Id, &'a Json>,
    out: Joined,
}

/// `base`: what the lines were when the caller read them; `now`: as they are; both without what is hidden from him.
pub(super) fn join(spec: &Lines, base: &[Json], now: &[Json], mine: &[Json]) -> Joined {
    let by_id = |all: &[Json]| -> Vec<Option<Id>> { all.iter().map(id_of).collect() };
    let (base_ids, now_ids, mine_ids) = (by_id(base), by_id(now), by_id(mine));
    let index = |ids: &[Option<Id>]| -> HashMap<Id, usize> { ids.iter().enumerate().filter_map(|(n, id)| Some(((*id)?, n))).collect() };
    let (in_base, in_now) = (index(&base_ids), index(&now_ids));
    let out = Joined { input: vec![], whole: vec![], clashes: vec![], changed: false };
    let mut j = Join {
        spec,
        base: in_base.iter().map(|(id, n)| (*id, &base[*n])).collect(),
        now: in_now.iter().map(|(id, n)| (*id, &now[*n])).collect(),
        out,
    };
    // The caller's lines in his order; those that the others removed and he left alone are gone.
    let mut rows: Vec<(Option<Id>, Json)> = vec![];
    for (n, line) in mine.iter().enumerate() {
        if let Some(kept) = j.line(n, mine_ids[n], line) {
            rows.push((mine_ids[n], kept));
        }
    }
    for id in base_ids.iter().flatten().filter(|id| !mine_ids.contains(&Some(**id))) {
        j.removed(*id);
    }
    // New lines of the others stand behind the line that they stand behind there.
    for (n, id) in now_ids.iter().enumerate() {
        let Some(id) = id.filter(|id| !in_base.contains_key(id) && !mine_ids.contains(&Some(*id))) else { continue };
        let before = now_ids[..n].iter().rev().flatten().find_map(|p| rows.iter().position(|(x, _)| *x == Some(*p)));
        rows.insert(before.map_or(0, |at| at + 1), (Some(id), json!({"id": id.to_string()})));
    }
    // Who did not move lines himself leaves them in the order that the others gave them; a new one stands behind its neighbour.
    let shared = |ids: &[Option<Id>]| -> Vec<Id> {
        ids.iter().flatten().copied().filter(|id| in_base.contains_key(id) && mine_ids.contains(&Some(*id))).collect()
    };
    let moved = shared(&base_ids) != shared(&mine_ids);
    j.out.changed |= moved;
    if !moved {
        let mut at = 0;
        let mut placed: Vec<(usize, (Option<Id>, Json))> = vec![];
        for row in rows {
            at = row.0.and_then(|id| in_now.get(&id)).copied().unwrap_or(at);
            placed.push((at, row));
        }
        placed.sort_by_key(|(at, _)| *at);
        rows = placed.into_iter().map(|(_, row)| row).collect();
    }
    for (id, input) in rows {
        let mut whole = id.and_then(|id| j.now.get(&id).or(j.base.get(&id))).map_or_else(|| json!({}), |l| (*l).clone());
        if let (Json::Object(w), Json::Object(i)) = (&mut whole, &input) {
            w.extend(i.clone());
        }
        j.out.whole.push(whole);
        j.out.input.push(input);
    }
    j.out
}

impl Join<'_> {
    /// A line of the caller over that of the others; none where they removed it and he did nothing to it.
    fn line(&mut self, n: usize, id: Option<Id>, line: &Json) -> Option<Json> {
        let (Some(id), Json::Object(given)) = (id, line) else {
            self.out.changed |= id.is_none();
            return Some(line.clone());
        };
        let Some(base) = self.base.get(&id).copied() else { return Some(line.clone()) };
        let mine: Vec<&Column> = typed(self.spec).filter(|c| given.get(c.name).is_some_and(|v| normal(c, v) != base[c.name])).collect();
        self.out.changed |= !mine.is_empty();
        let Some(now) = self.now.get(&id).copied() else {
            if mine.is_empty() {
                return None;
            }
            self.clash(Some(n.to_string()), json!({"id": id.to_string(), "base": base, "theirs": null, "yours": line}));
            return Some(line.clone());
        };
        let mut out: Map<String, Json> = given.clone();
        for c in typed(self.spec).filter(|c| given.contains_key(c.name)) {
            if !mine.iter().any(|m| m.name == c.name) {
                // Sent back as it was read: theirs stays.
                out.remove(c.name);
            } else if changed(c, base, now) && normal(c, &given[c.name]) != now[c.name] {
                let told =
                    json!({"id": id.to_string(), "column": c.name, "base": base[c.name], "theirs": now[c.name], "yours": given[c.name]});
                self.clash(Some(format!("{n}.{}", c.name)), told);
            }
        }
        Some(Json::Object(out))
    }

    /// A line that the caller removed: not where the others edited it meanwhile.
    fn removed(&mut self, id: Id) {
        self.out.changed = true;
        if let (Some(base), Some(now)) = (self.base.get(&id).copied(), self.now.get(&id).copied())
            && typed(self.spec).any(|c| changed(c, base, now))
        {
            self.clash(None, json!({"id": id.to_string(), "base": base, "theirs": now, "yours": null}));
        }
    }

    fn clash(&mut self, path: Option<String>, told: Json) {
        self.out.clashes.push(Clash { path, told });
    }
}

/// Columns that people write.
fn typed(spec: &Lines) -> impl Iterator<Item = &Column> {
    spec.columns.iter().filter(|c| c.writable() && c.visible())
}

/// Whether the others changed it themselves: not where a rule filled it anew because of something else.
fn changed(c: &Column, base: &Json, now: &Json) -> bool {
    let by_hand = |l: &Json| c.hand.is_none_or(|flag| l[flag] == json!(true));
    base[c.name] != now[c.name] && (by_hand(base) || by_hand(now))
}

/// Input in the form in which values stand in JSON, so that "1.5" and "1.50" are one value.
pub(super) fn normal(c: &Column, v: &Json) -> Json {
    input::value(c, v).map_or_else(|_| v.clone(), |x| value_json(&c.ty, &x))
}

fn id_of(line: &Json) -> Option<Id> {
    line["id"].as_str().and_then(|s| Id::parse_str(s).ok())
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn spec() -> Lines {
        let columns = vec![
            Column::text("goods", 20),
            Column::quantity("quantity"),
            Column::price("price").by_hand("manual"),
            Column::bool("manual", false).computed(),
        ];
        Lines { name: "lines", table: "t_lines", columns, max: 100, required: false }
    }

    /// `1 nut 5 2.00` as a line; `2.00!` was written by hand; without a number it is new, what is left out is not said.
    fn line(text: &str) -> Json {
        let words: Vec<&str> = text.split(' ').collect();
        let mut out = json!({});
        if let Ok(n) = words[0].parse::<u128>() {
            out["id"] = json!(Uuid::from_u128(n).to_string());
        }
        for (name, word) in ["goods", "quantity", "price"].into_iter().zip(&words[1..]).filter(|(_, w)| **w != "-") {
            out[name] = json!(word.trim_end_matches('!'));
            if name == "price" {
                out["manual"] = json!(word.ends_with('!'));
            }
        }
        out
    }

    fn lines(text: &str) -> Vec<Json> {
        text.split(", ").filter(|l| !l.is_empty()).map(line).collect()
    }

    fn told(all: &[Json]) -> String {
        let one = |l: &Json| {
            let id = l["id"].as_str().and_then(|s| Uuid::parse_str(s).ok()).map_or("+".to_string(), |id| id.as_u128().to_string());
            let words = ["goods", "quantity", "price"].map(|c| l[c].as_str().unwrap_or("-").to_string());
            format!("{id} {}", words.join(" "))
        };
        all.iter().map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn plt_13_edits_of_different_lines_join_and_of_one_are_told() {
        let base = "1 nut 5 2, 2 bolt 6 3, 3 nail 7 4";
        for (what, theirs, mine, whole, clashes) in [
            (
                "different lines",
                "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 5 2, 2 bolt 8 3, 3 nail 7 4",
                "1 nut 9 2, 2 bolt 8 3, 3 nail 7 4",
                "",
            ),
            (
                "different columns",
                "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4",
                "1 cog 5 2, 2 bolt 6 3, 3 nail 7 4",
                "1 cog 9 2, 2 bolt 6 3, 3 nail 7 4",
                "",
            ),
            (
                "the same value",
                "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 9.0 2, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 9.0 2, 2 bolt 6 3, 3 nail 7 4",
                "",
            ),
            (
                "the same column",
                "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 8 2, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 8 2, 2 bolt 6 3, 3 nail 7 4",
                "0.quantity",
            ),
            ("what is left out", "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4", "1 - - -, 2 - 8 -, 3 - - -", "1 nut 9 2, 2 bolt 8 3, 3 nail 7 4", ""),
            (
                "both add",
                "1 nut 5 2, 4 cap 1 1, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 5 2, 2 bolt 6 3, + rod 1 -, 3 nail 7 4",
                "1 nut 5 2, 4 cap 1 1, 2 bolt 6 3, + rod 1 -, 3 nail 7 4",
                "",
            ),
            ("they remove", "1 nut 5 2, 3 nail 7 4", "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4", "1 nut 9 2, 3 nail 7 4", ""),
            ("I remove", "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4", "1 nut 5 2, 3 nail 7 4", "1 nut 9 2, 3 nail 7 4", ""),
            (
                "they remove what I edit",
                "1 nut 5 2, 3 nail 7 4",
                "1 nut 5 2, 2 bolt 8 3, 3 nail 7 4",
                "1 nut 5 2, 2 bolt 8 3, 3 nail 7 4",
                "1",
            ),
            (
                "I remove what they edit",
                "1 nut 5 2, 2 bolt 8 3, 3 nail 7 4",
                "1 nut 5 2, 3 nail 7 4",
                "1 nut 5 2, 3 nail 7 4",
                "a removed line",
            ),
            ("I remove what a rule priced anew", "1 nut 9 2, 2 bolt 6 5, 3 nail 7 4", "1 nut 5 2, 3 nail 7 4", "1 nut 9 2, 3 nail 7 4", ""),
            (
                "my price over a rule's",
                "1 nut 9 5, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 5 1, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 9 1, 2 bolt 6 3, 3 nail 7 4",
                "",
            ),
            (
                "two prices by hand",
                "1 nut 5 5!, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 5 1, 2 bolt 6 3, 3 nail 7 4",
                "1 nut 5 1, 2 bolt 6 3, 3 nail 7 4",
                "0.price",
            ),
            (
                "they move",
                "3 nail 7 4, 1 nut 5 2, 2 bolt 6 3",
                "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4",
                "3 nail 7 4, 1 nut 9 2, 2 bolt 6 3",
                "",
            ),
            ("I move", "1 nut 9 2, 2 bolt 6 3, 3 nail 7 4", "3 nail 7 4, 1 nut 5 2, 2 bolt 6 3", "3 nail 7 4, 1 nut 9 2, 2 bolt 6 3", ""),
        ] {
            let j = join(&spec(), &lines(base), &lines(theirs), &lines(mine));
            assert_eq!(told(&j.whole), whole, "{what}");
            let places: Vec<&str> = j.clashes.iter().map(|c| c.path.as_deref().unwrap_or("a removed line")).collect();
            assert_eq!(places.join(", "), clashes, "{what}");
            assert!(j.changed, "{what}");
        }
        let quiet = join(&spec(), &lines(base), &lines("1 nut 9 2, 3 nail 7 4"), &lines(base));
        assert!(!quiet.changed && told(&quiet.whole) == "1 nut 9 2, 3 nail 7 4", "who changed nothing takes theirs");
    }
}
