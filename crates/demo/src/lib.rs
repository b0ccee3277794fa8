//! The demo: twelve months in the life of an invented trading company, told through the same commands that people use, so
//! that every figure has its documents and `check` finds nothing. Determined by its seed.

mod clients;
mod codes;
mod deals;
mod facts;
mod goods;
mod office;
mod opening;
mod plan;
mod random;
mod run;
mod shelves;
mod showcase;
mod story;
mod terms;
mod words;
mod work;

use chrono::{Months, NaiveDate};
use clients::Clients;
use goods::Goods;
use kontor_kernel::error::Result;
use kontor_platform::App;
use office::Office;
use random::Random;
use run::Run;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use story::Story;
use words::{Firm, Good};

#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Size {
    /// A few clients and documents of everything: for tests.
    Small,
    Full,
}

impl Size {
    /// Each so-manieth client of the table takes part.
    fn every(self) -> usize {
        if self == Size::Small { 10 } else { 1 }
    }
    fn open_deals(self) -> usize {
        if self == Size::Small { 10 } else { 56 }
    }
}

#[derive(Clone, Debug)]
pub struct Options {
    pub seed: u64,
    /// How long the story is.
    pub months: u32,
    /// The day on which it ends.
    pub today: NaiveDate,
    pub size: Size,
    /// Of every user.
    pub password: String,
}

impl Options {
    fn start(&self) -> NaiveDate {
        self.today.checked_sub_months(Months::new(self.months.max(1))).unwrap_or(self.today)
    }
}

#[derive(Clone, Debug)]
pub struct Login {
    pub login: &'static str,
    pub name: &'static str,
    pub role: &'static str,
}

#[derive(Clone, Debug)]
pub struct Summary {
    pub logins: Vec<Login>,
    /// Records made, by collection.
    pub made: BTreeMap<String, usize>,
    /// Happenings that a rule refused, each told in full; none in an untouched program.
    pub refused: Vec<String>,
    pub took: Duration,
}

/// Password of every user of a demo that is served; it listens on loopback only.
pub const PASSWORD: &str = "kontor-demo";

/// Where the company lives; its today.
pub const ZONE: chrono_tz::Tz = chrono_tz::Europe::Kyiv;

/// Every demo user.
pub fn logins() -> Vec<Login> {
    office::PEOPLE.iter().map(|(login, name, role, ..)| Login { login, name, role }).collect()
}

/// Fills an empty, migrated database.
pub fn fill(app: &Arc<App>, options: &Options) -> Result<Summary> {
    let began = Instant::now();
    let mut run = Run::new(app, options);
    let (firms, goods) = (words::firms(), words::goods());
    let office = office::fill(&mut run, &firms)?;
    let rates = office::rates(&mut run)?;
    let shelf = goods::fill(&mut run, &goods)?;
    office::prices_by(&mut run, &office, shelf.retail, rates)?;
    shelves::dealer_types(&mut run, &shelf)?;
    let clients = clients::fill(&mut run, &firms, &office, &shelf)?;
    shelves::makers(&mut run, &goods, &shelf, &clients)?;
    tell(&mut run, &firms, &goods, &office, &shelf, &clients)?;
    Ok(Summary { logins: logins(), made: run.made, refused: run.refused, took: began.elapsed() })
}

fn tell(run: &mut Run, firms: &[Firm], goods: &[Good], office: &Office, shelf: &Goods, clients: &Clients) -> Result<()> {
    let seed = run.options.seed;
    let orders = plan::orders(seed, run.start(), run.today(), clients, firms, goods);
    let arrivals = plan::arrivals(&orders, goods, run.start(), seed);
    let sizes: Vec<usize> = clients.clients.iter().map(|c| c.size).collect();
    let deals = deals::plan(run, &orders, clients.clients.len(), &sizes, goods)?;
    let random = Random::new(seed, "story");
    let mut story = Story {
        run,
        firms,
        goods,
        shelf,
        office,
        clients,
        orders: &orders,
        agenda: BTreeMap::new(),
        order_ids: Default::default(),
        quote_ids: Default::default(),
        closed: Default::default(),
        deals,
        random,
    };
    deals::agenda(&mut story);
    work::agenda(&mut story);
    opening::agenda(&mut story);
    story.tell(arrivals)?;
    showcase::fill(&mut story)?;
    terms::fill(&mut story)?;
    shelves::fill(&mut story)?;
    work::today(&mut story)
}
