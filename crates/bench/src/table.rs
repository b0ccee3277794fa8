//! Figures and how they are printed.

use serde_json::{Value as Json, json};

/// One measured figure with its bar and the bare database's figure of the same run.
#[derive(Clone, Debug)]
pub struct Figure {
    pub database: &'static str,
    pub name: &'static str,
    pub unit: &'static str,
    pub ours: f64,
    pub bare: Option<f64>,
    /// `<=` or `>=` and the value; none where the issue sets no bar for this database.
    pub bar: Option<(&'static str, f64)>,
}

impl Figure {
    /// How many times the bare database is better.
    pub fn ratio(&self) -> Option<f64> {
        let b = self.bare.filter(|b| *b > 0.0)?;
        Some(if self.higher_is_better() { b / self.ours } else { self.ours / b })
    }
    fn higher_is_better(&self) -> bool {
        self.unit.ends_with("/s")
    }
    pub fn holds(&self) -> Option<bool> {
        self.bar.map(|(op, v)| if op == "<=" { self.ours <= v } else { self.ours >= v })
    }
}

fn number(x: f64) -> String {
    if x >= 1000.0 {
        format!("{x:.0}")
    } else if x >= 10.0 {
        format!("{x:.1}")
    } else {
        format!("{x:.2}")
    }
}

pub fn print(figures: &[Figure]) {
    println!("{:<9} {:<52} {:>10} {:>10} {:>7} {:>12}  ", "database", "figure", "Kontor", "bare SQL", "ratio", "bar");
    for f in figures {
        let bar = f.bar.map_or(String::new(), |(op, v)| format!("{op} {}", number(v)));
        let bare = f.bare.map_or("-".into(), number);
        let ratio = f.ratio().map_or("-".into(), |r| format!("{r:.1}x"));
        let mark = match f.holds() {
            Some(true) => "ok",
            Some(false) => "BELOW",
            None => "",
        };
        println!(
            "{:<9} {:<52} {:>10} {:>10} {:>7} {:>12}  {mark}",
            f.database,
            format!("{}, {}", f.name, f.unit),
            number(f.ours),
            bare,
            ratio,
            bar
        );
    }
}

pub fn json(figures: &[Figure]) -> Json {
    Json::Array(
        figures
            .iter()
            .map(|f| json!({"database": f.database, "name": f.name, "unit": f.unit, "kontor": f.ours, "bare": f.bare, "ratio": f.ratio(), "bar": f.bar.map(|(op, v)| format!("{op} {v}")), "holds": f.holds()}))
            .collect(),
    )
}
