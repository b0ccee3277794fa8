### Settlements: who owes whom.

settlements = Взаиморасчёты
    .one = Взаиморасчёты
    .new = Новые взаиморасчёты
settlements-balance = Сальдо
settlements-overdue = Просрочено
settlements-document_id = Документ расчётов
settlement-they_owe = Должны нам
settlement-we_owe = Мы должны
settlement-settled = Расчёты закрыты
settlement-credit_free = Свободный лимит
settlement-prepaid = Аванс
settlement-age_0 = Срок не наступил
settlement-age_1_7 = 1–7 дней
settlement-age_8_14 = 8–14 дней
settlement-age_15_30 = 15–30 дней
settlement-age_31 = свыше 30 дней
