### Імпорт і експорт файлів.
error-number_ambiguous = «{ $value }» можна прочитати двояко. Напишіть число без розділювача груп
error-import_stayed = { $count ->
        [one] { $count } запис не вдалося прибрати
        [few] { $count } записи не вдалося прибрати
       *[other] { $count } записів не вдалося прибрати
    }: на них спираються інші
error-job_cancelled = Імпорт зупинено
error-job_lost = Цей імпорт перейняв інший процес
error-import_interrupted = Перервано: процес завершився передчасно. Якщо імпорт не був частковим, записане відкликано
import-progress-checking = Перевірка: { $what }, { $done } з { $total }
import-progress-writing = Запис: { $what }, { $done } з { $total }
