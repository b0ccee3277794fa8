### Pages of the price office.

price-work = Price workbench
price-work-effective = In force
price-work-edited = Edited
price-work-receipt = Bought at
price-work-cost = Cost
price-work-change = Change
price-work-margin = Margin
price-work-price_of = Edited price: { $product }
price-work-nothing_differs = No edited price differs from the one in force
price-work-no_types = There is no price type that is written by hand
price-work-no_types_hint = Prices by markup or formula compute themselves; the workbench is for those that are written.
price-work-approval = with approval
price-work-open_type = Price type
price-work-in_force_on = In force on
price-work-compare_with = Compare with
price-work-only_changed = Only different
price-work-operations = Change prices
price-work-try = Try
price-work-try_hint = Set an operation to see here what it would do. Nothing is written.
price-work-now = Now
price-work-then = Will be
price-work-for_products = Products under the filter: { $n }
price-work-change_all = Change prices: { $n }
price-work-discard_all = Discard edited prices: { $n }
price-work-into_effect = Putting into effect
price-work-apply = Put into effect
price-work-to_approve = Send for approval
price-work-approval_hint = Somebody else puts prices of this type into effect: drafts of price changes will be made.
price-work-applied = Put into effect of late
price-work-from_day = From { $day }
price-work-waits = waits for approval
price-work-taken_back = taken back
price-work-take_back = Take back
price-work-done_of = { $done } of { $total }
price-work-done = Done: { $done }
price-work-stop = Stop
price-work-job_done = Done.
price-work-job_cancelled = Stopped.
price-work-job_failed = Failed.
price-work-result-changed = Changed: { $n }.
price-work-result-without_price = Without a price: { $n }.
price-types-approval = Somebody else puts prices into effect
error-price_approval_other = Prices of “{ $price_type }” are put into effect by somebody other than their author
error-price_approval_needed = Prices of this type come into effect after approval only
hint-price_approval_needed = Write a price change and let somebody else post it.
price-work-prices =
    { $n ->
        [one] { $n } price
       *[other] { $n } prices
    }
