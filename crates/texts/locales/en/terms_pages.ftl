### Cards of agreements and contracts, rules of discounts and who gets what by them.

terms-always = for good
terms-from_ever = from the start
terms-open_end = open end
terms-not_begun = Comes into force on { $date }
terms-ended = Ended on { $date }
terms-ends_soon = { $count ->
    [one] Ends on { $date }: { $count } day left
   *[other] Ends on { $date }: { $count } days left
}
terms-waits_approval = Waits for approval: not in force yet
terms-overlap_refused = On these days ({ $period }) another agreement of the same priority is in force. This one cannot be activated:
terms-overlap = On these days ({ $period }) another agreement is in force too; the document's currency comes first, then the smaller priority number:
terms-gap = { $count ->
    [one] From { $from } to { $to } ({ $count } day) the client has no agreement of its own: standard terms apply
   *[other] From { $from } to { $to } ({ $count } days) the client has no agreement of its own: standard terms apply
}
terms-gap_open = From { $from } on the client has no agreement of its own: standard terms apply
terms-whose = For whom
terms-for_all = For all clients
terms-made_from = made from
terms-made_from_it = Individual ones made from it
terms-make_individual = Individual
terms-none_made = No individual agreement has been made from it yet
terms-prices = Prices
terms-term = Term
terms-left = { $count ->
    [one] { $count } day left
   *[other] { $count } days left
}
terms-for_what = For what
terms-which_kind = What it is
terms-no_refinements = No refinements: price type and discount are the same for all products
terms-delivery = Delivery
terms-own_conditions = Discounts of this agreement
terms-no_conditions = No discounts of its own
terms-from = from { $value }
terms-no_documents = No documents yet
terms-parties = Parties
terms-conditions = Terms
terms-payment_by_agreement = Payment as the agreement says
terms-signed = signed { $date }
terms-contracted_delivered = Contracted and delivered
terms-contracted = Contracted
terms-ordered = Ordered
terms-delivered = Delivered
terms-left_of_it = Left
terms-late = Late
terms-no_schedule = No delivery schedule
terms-done = delivered
terms-ahead = ahead
terms-short = { $quantity } short
terms-behind = { $count ->
    [one] { $count } product is behind schedule
   *[other] { $count } products are behind schedule
}
terms-behind_amount = Less was delivered than scheduled: { $sum } short
terms-over_amount = More was delivered than the contract's amount: by { $sum }
terms-rules = Price rules
terms-matrix = Who gets what
terms-rule = Rule
terms-gives = Gives
terms-start = From
terms-priority = Priority
terms-flags = Details
terms-anyone = anyone
terms-everything = everything
terms-off = switched off
terms-planned = planned
terms-over = over
terms-stop = no further discounts
terms-final = no discounts
terms-group = group { $n }
terms-limit = for { $quantity } units
terms-in_force_on = In force on
terms-also_idle = also those not in force
terms-no_rules = No rules on this day
terms-elsewhere = Where else prices are written
terms-who_wins = Who wins
terms-wins-base = The price: the first rule of the list that has one for the product.
terms-wins-whom = Of one kind: the client's before an agreement's, a contract's, a dealer type's, a segment's, anyone's; then product, price group, category.
terms-wins-start = Of equals: the highest quantity or amount that is reached.
terms-wins-priority = Then the smaller priority number.
terms-wins-together = Discounts of different kinds are put together as the seller is allowed to: sum, largest, one after another, by priority.
terms-clash = “{ $one }” ({ $kind }, { $period }) contradicts
terms-may_clash = “{ $one }” ({ $kind }, { $period }) may meet in one client or product with
terms-dangling = A rule is about the archived “{ $title }” ({ $what }) and still holds where that stands: change or archive it
terms-dangling_promised = A rule is about the archived “{ $title }” ({ $what }). Nothing new is sold by it, what was promised before still is: let it end or archive it
terms-dangling_nothing = A rule is about the archived “{ $title }” ({ $what }) and gives nothing: change or archive it
terms-dangling_terms = Terms about the archived “{ $title }” ({ $what }) still hold: look through
terms-dangling_deleted = A rule is about something that is there no more ({ $what }): change or archive it
terms-more_dangling = …and { $count } more such rules
terms-clashes = Another rule contradicts it
terms-more_clashes = …and { $count } more such pairs
terms-too_many_rules = There are too many rules to compare on a page: each was checked when it was written
terms-by_types = Dealer types
terms-by_segments = Client segments
terms-by_terms = Standard agreements
terms-by_clients = Chosen clients
terms-by_categories = Categories
terms-by_groups = Price groups
terms-by_products = Chosen products
terms-others = All others
terms-choose_both = Choose for whom and for what to compare prices
terms-take_out = Take out
terms-change_it = Change it
