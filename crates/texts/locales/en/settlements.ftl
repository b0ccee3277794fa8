### Settlements: who owes whom.

settlements = Settlements
    .one = Settlement
    .new = New settlement
settlements-balance = Balance
settlements-overdue = Overdue
settlements-document_id = Settlement document
settlement-they_owe = They owe us
settlement-we_owe = We owe
settlement-settled = Settled
settlement-credit_free = Free credit
settlement-prepaid = Prepaid
settlement-age_0 = Not due
settlement-age_1_7 = 1–7 days
settlement-age_8_14 = 8–14 days
settlement-age_15_30 = 15–30 days
settlement-age_31 = over 30 days
