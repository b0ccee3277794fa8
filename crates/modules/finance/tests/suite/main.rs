//! The chain from deal to money, in the words of those who work in it, on both databases.

mod agreed;
mod back;
mod bad_input;
mod chain;
mod conditions;
mod contracts;
mod credit;
mod fills;
mod kept;
mod midnight;
mod numbers;
mod parts;
mod prices;
mod random;
mod rebates;
mod rights;
mod settle;
mod simulator;
mod speed;
mod statements;
mod stored;
mod terms;
mod typed;
mod undo;
mod why_not;
mod world;
