### Settlements: who owes whom.

settlements = Розрахунки
    .one = Розрахунки
    .new = Нові розрахунки
settlements-balance = Сальдо
settlements-overdue = Прострочено
settlements-document_id = Документ розрахунків
settlement-they_owe = Винні нам
settlement-we_owe = Ми винні
settlement-settled = Розраховано
settlement-credit_free = Вільний ліміт
settlement-prepaid = Аванс
settlement-age_0 = Не настав строк
settlement-age_1_7 = 1–7 днів
settlement-age_8_14 = 8–14 днів
settlement-age_15_30 = 15–30 днів
settlement-age_31 = понад 30 днів
