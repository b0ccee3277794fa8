//! What the engine answers, as the right side of a case.

use super::{Ask, Asked, World};
use kontor_pricing::*;

/// `90 -5% = 855.00 (needs lower) : base:agreement_product value-manual`
pub fn price(e: &Explained) -> String {
    let mut words = vec![];
    match (e.price, &e.problem) {
        (Some(p), _) => words.push(p.to_string()),
        (None, Some(n)) => return format!("none {}", short(&n.key)),
        (None, None) => return "none".to_string(),
    }
    if !e.discount.is_zero() {
        words.push(percent(e.discount));
    }
    words.push(format!("= {}", e.amount.map_or("none".into(), |a| a.to_string())));
    words.extend(e.approvals.iter().map(|n| format!("(needs {})", n.key.trim_start_matches("trace-approval-"))));
    let worth = e.remarks.iter().filter(|n| n.key != "trace-remark-no_category");
    words.extend(worth.map(|n| format!("({})", n.key.trim_start_matches("trace-remark-"))));
    words.push(":".into());
    words.extend(e.trace.steps.iter().map(|s| step(&s.note)));
    words.join(" ")
}

fn percent(p: kontor_kernel::Percent) -> String {
    if p.is_negative() { format!("+{}%", p.abs()) } else { format!("-{p}%") }
}
fn short(key: &str) -> &str {
    key.trim_start_matches("trace-")
}
fn step(n: &Note) -> String {
    match n.args.get("kind").filter(|_| !n.key.starts_with("trace-rounding")) {
        Some(kind) => format!("{}:{kind}", short(&n.key)),
        None => short(&n.key).to_string(),
    }
}

fn lost(e: &Explained) -> String {
    let tried = e.trace.steps.iter().flat_map(|s| &s.tried);
    let told = tried.filter_map(|t| t.lost.as_ref().map(|n| format!("{} {}", t.rule.name, n.key.trim_start_matches("trace-lost-"))));
    told.collect::<Vec<_>>().join(", ")
}

fn order(w: &World, a: &Ask) -> String {
    let d = Pricer::new(&w.book, &w.facts, &a.head).document(&a.items, true);
    let amount = |l: &Line| l.amount.map_or("none".to_string(), |a| a.to_string());
    let lines: Vec<String> = d.lines.iter().map(amount).collect();
    let mut runs: Vec<(String, usize)> = vec![];
    for l in lines {
        match runs.last_mut() {
            Some((last, n)) if *last == l => *n += 1,
            _ => runs.push((l, 1)),
        }
    }
    let mut words: Vec<String> = runs.into_iter().map(|(l, n)| if n > 1 { format!("{n}x{l}") } else { l }).collect();
    words.push(format!("= {}", d.amount));
    if let Some(rate) = a.taxed {
        let lines: Vec<_> = d.lines.iter().map(|l| (l.amount.unwrap_or_default(), rate)).collect();
        let vat = kontor_kernel::vat_of_document(&lines, a.head.vat, a.head.currency.minor()).expect("VAT");
        let sum = kontor_kernel::LineVat::sum(&vat).expect("VAT");
        words.push(format!("net {} vat {} gross {}", sum.net, sum.vat, sum.gross));
    }
    words.extend(d.problem.iter().map(|n| short(&n.key).to_string()));
    for e in &d.earned {
        words.push(format!("earned {} {}", e.quantity, w.names.get(&e.product).map_or("?", String::as_str)));
    }
    words.join(" ")
}

/// The right side that the engine gives to a case.
pub fn answer(w: &World, a: &Ask) -> String {
    let one = || explain(&w.book, &w.facts, &a.head, &a.items[0], &w.names);
    match a.asked {
        Asked::Price => price(&one()),
        Asked::Lost => lost(&one()),
        Asked::Order => order(w, a),
        Asked::Clashes => {
            let name = |id: &Id| w.names.get(id).cloned().unwrap_or_else(|| id.to_string());
            let sure = |c: &Clash| if c.certain { "and" } else { "perhaps" };
            w.book
                .all_clashes()
                .iter()
                .map(|c| {
                    let mut names = [name(&c.one), name(&c.other)];
                    names.sort();
                    format!("{} {} {}", names[0], sure(c), names[1])
                })
                .collect::<Vec<_>>()
                .join(", ")
        }
        Asked::WhyNot => super::whynot::answer(w, a),
        Asked::Profit => {
            let line = Pricer::new(&w.book, &w.facts, &a.head).line(&a.items[0]);
            let p = profit(&w.book, &w.facts, &a.head, &a.items[0], &line).expect("figures");
            let text = |v: Option<kontor_kernel::Amount>| v.map_or("-".to_string(), |v| v.to_string());
            let percent = p.percent.map_or("-".to_string(), |v| format!("{v}%"));
            format!(
                "revenue {} cost {} margin {} {percent} rules {} deviation {}",
                p.revenue,
                text(p.cost),
                text(p.margin),
                text(p.by_rules),
                text(p.deviation)
            )
        }
    }
}
