//! Files of any format: separated text in any encoding, workbooks, gzip, XML.
#![no_main]

use kontor_exchange::read::{self, Held, Table, XmlReader};
use kontor_exchange::{Format, Input, Limits};
use kontor_fuzz::is_told;
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { bytes: 1 << 20, rows: 10_000, held: Held { packed: 1 << 20, bytes: 1 << 20 }, columns: 200 };

fuzz_target!(
    // The reader of workbooks catches panics of the library beneath it; what is not caught ends the process all the same.
    init: {
        let _ = std::panic::take_hook();
    },
    |data: &[u8]| {
        let input = Input::bytes("file", data.to_vec());
        let table = read::load(&input, &Format::default(), &LIMITS);
        if let Some(table) = is_told(table.map_err(|(e, _)| e)) {
            whole(&table);
        }
        for sheet in is_told(read::tables(&input, &LIMITS)).unwrap_or_default() {
            assert!(sheet.rows.windows(2).all(|w| w[0].0 < w[1].0), "rows stand in the order of their numbers");
        }
        if let Some(mut xml) = is_told(XmlReader::open(&input, &LIMITS)) {
            while let Some(Some(_)) = is_told(xml.pull()) {}
        }
    }
);

/// Every cell of every row is there, and rows are numbered as they stand in the file.
fn whole(table: &Table) {
    let mut before = 0;
    for r in table.rows() {
        (0..table.header.len()).for_each(|c| assert!(r.cell(c).len() <= 1 << 22));
        assert!(r.number() > before, "row {} after {before}", r.number());
        before = r.number();
    }
    assert!(table.whole().is_ok());
}
