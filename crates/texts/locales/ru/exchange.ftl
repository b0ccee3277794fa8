### Импорт и экспорт файлов.
error-number_ambiguous = «{ $value }» можно прочитать двояко. Напишите число без разделителя групп
error-import_stayed = { $count ->
        [one] { $count } запись не удалось убрать
        [few] { $count } записи не удалось убрать
       *[other] { $count } записей не удалось убрать
    }: на них опираются другие
error-job_cancelled = Импорт остановлен
error-job_lost = Этот импорт перенял другой процесс
error-import_interrupted = Прервано: процесс завершился раньше времени. Если импорт не был частичным, записанное отозвано
import-progress-checking = Проверка: { $what }, { $done } из { $total }
import-progress-writing = Запись: { $what }, { $done } из { $total }
