//! Splitting a sum so that the parts add up to it exactly: the largest-remainder method.

use crate::number::Amount;
use crate::scaled::pow10;

/// Splits `total` in proportion to `weights`, in whole minor units, so that the parts add up to `total` exactly.
///
/// Each part is the proportional share rounded down, and the units left over go one each to the largest remainders,
/// earlier lines first on a tie. Weights count by their absolute size; when all are zero the parts are equal. A negative
/// total gives the negated parts of the positive one. A total finer than the minor unit is split at full precision.
/// No weights give no parts.
pub fn allocate(total: Amount, weights: &[i64], minor: u32) -> Vec<Amount> {
    let step = pow10(Amount::SCALE - minor.min(Amount::SCALE));
    let total = i128::from(total.scaled());
    let step = if total % step == 0 { step } else { 1 };
    let units = (total / step).abs();
    let mut weights: Vec<i128> = weights.iter().map(|w| i128::from(*w).abs()).collect();
    let mut sum: i128 = weights.iter().sum();
    if sum == 0 {
        weights.fill(1);
        sum = weights.len() as i128;
    }
    let quotas: Vec<i128> = weights.iter().map(|w| units * w).collect();
    let sign = if total < 0 { -step } else { step };
    // No part exceeds the total, so every part fits where the total did.
    largest_remainder(&quotas, sum, units).into_iter().map(|u| Amount::from_scaled((u * sign) as i64)).collect()
}

/// Whole numbers near `quotas[i] / den` that add up to `target`: each rounded down, then one more for the largest
/// remainders, the earlier of equals first. `target` must lie between the sum of the floors and that sum plus the count.
pub(crate) fn largest_remainder(quotas: &[i128], den: i128, target: i128) -> Vec<i128> {
    if quotas.is_empty() {
        return vec![];
    }
    let mut parts: Vec<i128> = quotas.iter().map(|q| q.div_euclid(den)).collect();
    let left = target - parts.iter().sum::<i128>();
    debug_assert!((0..=quotas.len() as i128).contains(&left), "target {target} is not near the quotas");
    let rests: Vec<i128> = quotas.iter().zip(&parts).map(|(q, whole)| q - whole * den).collect();
    let mut order: Vec<usize> = (0..quotas.len()).collect();
    order.sort_by_key(|i| std::cmp::Reverse(rests[*i]));
    for i in order.into_iter().take(left.max(0) as usize) {
        parts[i] += 1;
    }
    parts
}
