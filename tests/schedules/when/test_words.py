"""What words come to, and which are refused: said on Monday 23 November 2026 at noon, in Berlin."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from hub.errors import BadInput
from hub.schedules.when import When, parse

NOW = datetime(2026, 11, 23, 12, tzinfo=ZoneInfo("Europe/Berlin"))

UNDERSTOOD = """
every weekday at 9                                         -> 0 9 * * 1-5
mondays and thursdays 18:30                                -> 30 18 * * 1,4
every other friday at 4pm                                  -> 0 16 * * 5 weeks=2 first=2026-11-27
first monday of the month at 10                            -> 0 10 * * 1#1
last day of every month at 23:00                           -> 0 23 L * *
last friday of the month                                   -> 0 9 * * 5L
every 15 minutes between 9 and 17 on weekdays              -> */15 9-16 * * 1-5 | 0 17 * * 1-5
hourly                                                     -> 0 * * * *
twice a day at 8 and 20                                    -> 0 8,20 * * *
tomorrow at noon                                           -> @2026-11-24T12:00
in 2 hours                                                 -> @2026-11-23T14:00
on 24 december at 18:00                                    -> @2026-12-24T18:00
every quarter on the 1st                                   -> 0 9 1 1,4,7,10 *
yearly on 3 march                                          -> 0 9 3 3 *
jeden Werktag um 9                                         -> 0 9 * * 1-5
montags und donnerstags um halb sieben                     -> 30 6 * * 1,4
alle zwei Wochen freitags um 16 Uhr                        -> 0 16 * * 5 weeks=2 first=2026-11-27
am letzten Tag des Monats um 23 Uhr                        -> 0 23 L * *
täglich um Viertel nach acht                               -> 15 8 * * *
täglich um Viertel vor acht                                -> 45 7 * * *
täglich um dreiviertel acht                                -> 45 7 * * *
morgen früh um 8                                           -> @2026-11-24T08:00
übermorgen mittags                                         -> @2026-11-25T12:00
heute Abend um 8                                           -> @2026-11-23T20:00
alle 15 Minuten                                            -> */15 * * * *
am ersten Montag im Monat                                  -> 0 9 * * 1#1
jährlich am 3. März                                        -> 0 9 3 3 *
werktags außer freitags                                    -> 0 9 * * 1-4
every day except sunday                                    -> 0 9 * * 1-6
every day at 9 New York time                               -> 0 9 * * * America/New_York
jeden Tag um 9 Uhr Berliner Zeit                           -> 0 9 * * *
daily 9:00 UTC                                             -> 0 9 * * * UTC
daily at 9 Europe/London                                   -> 0 9 * * * Europe/London
0 9 * * 1-5                                                -> 0 9 * * 1-5
0 9 * * MON-FRI                                            -> 0 9 * * 1-5
0 9 L * *                                                  -> 0 9 L * *
0 9 * * MON#1                                              -> 0 9 * * 1#1
@daily                                                     -> 0 0 * * *
first working day of the month at 8                        -> 0 8 */31 * 2-5 | 0 8 */31,2,3 * 1
every day at 9 and 17:30                                   -> 0 9 * * * | 30 17 * * *
every morning at 7                                         -> 0 7 * * *
every evening at 6                                         -> 0 18 * * *
every night at 11                                          -> 0 23 * * *
every monday, wednesday and friday at 8:15 am              -> 15 8 * * 1,3,5
mon-fri 9:00                                               -> 0 9 * * 1-5
Mo-Fr 9 Uhr                                                -> 0 9 * * 1-5
Mo, Mi, Fr um 8:30                                         -> 30 8 * * 1,3,5
every 2 weeks on tuesday at 10                             -> 0 10 * * 2 weeks=2 first=2026-11-24
every three weeks on monday and thursday at noon           -> 0 12 * * 1,4 weeks=3 first=2026-11-26
every other day at 9                                       -> 0 9 * * * days=2 first=2026-11-24
every 10 days at 6 pm                                      -> 0 18 * * * days=10 first=2026-11-23
every 2 hours between 8 and 18                             -> 0 8,10,12,14,16,18 * * *
every hour from 9am to 5pm on weekdays                     -> 0 9-17 * * 1-5
every hour between 22:00 and 04:00                         -> 0 0-4,22,23 * * *
ten to nine every weekday                                  -> 50 8 * * 1-5
20 to 6 every weekday                                      -> 40 5 * * 1-5
zur vollen Stunde                                          -> 0 * * * *
on alternate tuesdays at 9 am                              -> 0 9 * * 2 weeks=2 first=2026-11-24
run this on weekdays at 6:30am                             -> 30 6 * * 1-5
once every two weeks on monday at 8                        -> 0 8 * * 1 weeks=2 first=2026-11-30
every hour at quarter past                                 -> 15 * * * *
at 15 minutes past every hour                              -> 15 * * * *
every hour at :15 and :45                                  -> 15,45 * * * *
every 3 hours                                              -> 0 */3 * * *
every half hour                                            -> */30 * * * *
every quarter of an hour                                   -> */15 * * * *
15th of every month at 9                                   -> 0 9 15 * *
on the 1st and 15th at 9                                   -> 0 9 1,15 * *
every month on the 15th at 8pm                             -> 0 20 15 * *
on the first and third monday of every month at 10         -> 0 10 * * 1#1 | 0 10 * * 1#3
second tuesday of the month at 14:00                       -> 0 14 * * 2#2
every second tuesday at 14:00                              -> 0 14 * * 2 weeks=2 first=2026-11-24
every second tuesday of the month at 14:00                 -> 0 14 * * 2#2
last working day of the month at 17:00                     -> 0 17 LW * *
weekdays at 9 and saturdays at 11                          -> 0 9 * * 1-5 | 0 11 * * 6
montags um 9 und freitags um 17 Uhr                        -> 0 9 * * 1 | 0 17 * * 5
jeden Montag um 9 Uhr und jeden Mittwoch um 14 Uhr         -> 0 9 * * 1 | 0 14 * * 3
every monday at 9 and every friday at 17 until 31 march -> 0 9 * * 1 | 0 17 * * 5 last=2027-03-31
every day at 9 until 31 december                           -> 0 9 * * * last=2026-12-31
täglich um 8 bis Ende März                                 -> 0 8 * * * last=2027-03-31
every weekday at 9 starting next monday                    -> 0 9 * * 1-5 first=2026-11-30
ab morgen täglich um 7 Uhr                                 -> 0 7 * * * first=2026-11-24
every day at 9 for two weeks                               -> 0 9 * * * first=2026-11-23 last=2026-12-06
zwei Wochen lang täglich um 9                              -> 0 9 * * * first=2026-11-23 last=2026-12-06
on december 24th at 6pm                                    -> @2026-12-24T18:00
24.12. um 18 Uhr                                           -> @2026-12-24T18:00
24.12.2026 18:00                                           -> @2026-12-24T18:00
am 24.12. um 18:00                                         -> @2026-12-24T18:00
2026-12-24 18:00                                           -> @2026-12-24T18:00
2026-12-24T18:00                                           -> @2026-12-24T18:00
12/24 at 6pm                                               -> @2026-12-24T18:00
24/12/2026 at 18:00                                        -> @2026-12-24T18:00
friday at 9                                                -> @2026-11-27T09:00
am Freitag um 15 Uhr                                       -> @2026-11-27T15:00
Freitag Nachmittag um 3                                    -> @2026-11-27T15:00
Freitagnachmittag um 3                                     -> @2026-11-27T15:00
heute um 17 Uhr                                            -> @2026-11-23T17:00
tonight at 9                                               -> @2026-11-23T21:00
this friday at 10                                          -> @2026-11-27T10:00
kommenden Freitag um 10                                    -> @2026-11-27T10:00
friday next week at 10                                     -> @2026-12-04T10:00
next week on tuesday at 9                                  -> @2026-12-01T09:00
nächste Woche Dienstag um 9                                -> @2026-12-01T09:00
first monday of december at 10                             -> @2026-12-07T10:00
every year on the first monday of december at 10           -> 0 10 * 12 1#1
in half an hour                                            -> @2026-11-23T12:30
in einer halben Stunde                                     -> @2026-11-23T12:30
in anderthalb Stunden                                      -> @2026-11-23T13:30
in an hour and a half                                      -> @2026-11-23T13:30
in 3 days at 9                                             -> @2026-11-26T09:00
in 2 weeks                                                 -> @2026-12-07T12:00
in einer Woche um 10                                       -> @2026-11-30T10:00
every december 24 at 18:00                                 -> 0 18 24 12 *
every 24 december at 18:00                                 -> 0 18 24 12 *
jeden 24. Dezember um 18 Uhr                               -> 0 18 24 12 *
jeden 15. um 9                                             -> 0 9 15 * *
jeden Ersten um 8                                          -> 0 8 1 * *
am Ersten jedes Monats um 8 Uhr                            -> 0 8 1 * *
am 1. und 15. jedes Monats um 8 Uhr                        -> 0 8 1,15 * *
zum Monatsende um 17 Uhr                                   -> 0 17 L * *
am Monatsende                                              -> 0 9 L * *
at the end of every month at 5 pm                          -> 0 17 L * *
quarterly on the last day at 12                            -> 0 12 L 3,6,9,12 *
am letzten Tag jedes Quartals                              -> 0 9 L 3,6,9,12 *
every monday in december at 9                              -> 0 9 * 12 1
every day in july and august at 10                         -> 0 10 * 7,8 *
from may to september every monday at 9                    -> 0 9 * 5-9 1
von Mai bis September jeden Montag um 9                    -> 0 9 * 5-9 1
every weekday except friday at 9                           -> 0 9 * * 1-4
every month except august on the 1st at 9                  -> 0 9 1 1-7,9-12 *
jeden Tag außer Sonntag um 9                               -> 0 9 * * 1-6
täglich außer am Wochenende um 9                           -> 0 9 * * 1-5
halbjährlich am 1. um 9                                    -> 0 9 1 1,7 *
alle drei Monate am 15. um 9                               -> 0 9 15 1,4,7,10 *
every 6 months on the 1st                                  -> 0 9 1 1,7 *
three times a day at 8, 12 and 18                          -> 0 8,12,18 * * *
dreimal täglich um 8, 12 und 18 Uhr                        -> 0 8,12,18 * * *
twice a week on monday and thursday at 9                   -> 0 9 * * 1,4
einmal pro Woche am Freitag um 9                           -> 0 9 * * 5
einmal am Tag um 7                                         -> 0 7 * * *
once a month on the 3rd at 10                              -> 0 10 3 * *
alle zwei Stunden zwischen 8 und 18 Uhr                    -> 0 8,10,12,14,16,18 * * *
stündlich von 9 bis 17 Uhr werktags                        -> 0 9-17 * * 1-5
jede halbe Stunde                                          -> */30 * * * *
jede Viertelstunde                                         -> */15 * * * *
viertelstündlich                                           -> */15 * * * *
stündlich um Viertel nach                                  -> 15 * * * *
jeden zweiten Dienstag um 9                                -> 0 9 * * 2 weeks=2 first=2026-11-24
jeden zweiten Dienstag im Monat um 9                       -> 0 9 * * 2#2
jeden letzten Freitag im Monat um 15 Uhr                   -> 0 15 * * 5L
werktags um fünf vor halb neun                             -> 25 8 * * 1-5
um Viertel vor neun jeden Tag                              -> 45 8 * * *
jeden Morgen um 7                                          -> 0 7 * * *
jeden Abend um 8                                           -> 0 20 * * *
jeden Freitagabend um 8                                    -> 0 20 * * 5
montagmorgens um 8                                         -> 0 8 * * 1
an Wochenenden um 10                                       -> 0 10 * * 0,6
every weekend at 10                                        -> 0 10 * * 0,6
half past eight every day                                  -> 30 8 * * *
mondays 9                                                  -> 0 9 * * 1
at midnight every day                                      -> 0 0 * * *
every friday at midnight                                   -> 0 0 * * 5
tonight at midnight                                        -> @2026-11-24T00:00
every day at noon and midnight                             -> 0 0,12 * * *
every day at 12 am                                         -> 0 0 * * *
every day at 12                                            -> 0 12 * * *
every day at 24:00                                         -> 0 0 * * *
every monday at 9 pm in tokyo                              -> 0 21 * * 1 Asia/Tokyo
at 9 am and 5 pm every day                                 -> 0 9,17 * * *
every day at 9 and 5 pm                                    -> 0 9,17 * * *
every hour 9-17                                            -> 0 9-17 * * *
29 february                                                -> @2028-02-29T09:00
yearly on 29 february                                      -> 0 9 29 2 *
every minute                                               -> * * * * *
every 1 hour                                               -> 0 * * * *
daily                                                      -> 0 9 * * *
every day                                                  -> 0 9 * * *
vierzehntägig freitags um 9                                -> 0 9 * * 5 weeks=2 first=2026-11-27
alle 14 Tage freitags um 9                                 -> 0 9 * * 5 weeks=2 first=2026-11-27
alle 14 Tage um 9                                          -> 0 9 * * * days=14 first=2026-11-24
once tomorrow at 9                                         -> @2026-11-24T09:00
einmalig am 3. Dezember um 10 Uhr                          -> @2026-12-03T10:00
remind me every friday at 4pm                              -> 0 16 * * 5
please run it every day at 18h                             -> 0 18 * * *
run every weekday at 9 sharp                               -> 0 9 * * 1-5
1st january at 8                                           -> @2027-01-01T08:00
every day at 1830                                          -> 30 18 * * *
every day at 18.30                                         -> 30 18 * * *
jeden Tag um 18.30 Uhr                                     -> 30 18 * * *
every weekday at nine thirty                               -> 30 9 * * 1-5
every weekday at nine                                      -> 0 9 * * 1-5
every hour from 9 to 5 pm                                  -> 0 9-17 * * *
every hour 9am-5pm                                         -> 0 9-17 * * *
every friday and on the 13th of every month at 9           -> 0 9 * * 5 | 0 9 13 * *
every day at 5 to 8                                        -> 55 7 * * *
every day at ten to nine and 5                             -> 0 5 * * * | 50 8 * * *
from half past 8 to 12 every 30 minutes                    -> 30 8 * * * | */30 9-11 * * * | 0 12 * * *
every tuesday and friday at 7:45                           -> 45 7 * * 2,5
each thursday at 5 pm                                      -> 0 17 * * 4
sundays at noon                                            -> 0 12 * * 0
Saturday and Sunday at 10:15                               -> 15 10 * * 0,6
every four weeks on wednesday at 13:00                     -> 0 13 * * 3 weeks=4 first=2026-11-25
the last weekday of each month at 4pm                      -> 0 16 LW * *
third wednesday of every month, 15:00                      -> 0 15 * * 3#3
10th of each month at 08:00                                -> 0 8 10 * *
monthly on the 5th at 6pm                                  -> 0 18 5 * *
on the 1st, 10th and 20th of every month at 7              -> 0 7 1,10,20 * *
every january 1st at 00:00                                 -> 0 0 1 1 *
annually on november 30 at 10:00                           -> 0 10 30 11 *
first day of every quarter at 8 am                         -> 0 8 1 1,4,7,10 *
every 20 minutes                                           -> */20 * * * *
every 5 min from 8:00 to 9:00 on mondays                   -> */5 8 * * 1 | 0 9 * * 1
every 4 hours                                              -> 0 */4 * * *
every hour on the half hour                                -> 30 * * * *
every weekday on the hour from 9 to 17                     -> 0 9-17 * * 1-5
four times a day at 6, 12, 18 and 24                       -> 0 0,6,12,18 * * *
day after tomorrow at 3:15 pm                              -> @2026-11-25T15:15
in 45 minutes                                              -> @2026-11-23T12:45
in two days at noon                                        -> @2026-11-25T12:00
a week from today at 10                                    -> @2026-11-30T10:00
this afternoon at 4                                        -> @2026-11-23T16:00
december 1 at 9 am                                         -> @2026-12-01T09:00
Tue 1 Dec 2026 09:00                                       -> @2026-12-01T09:00
on the 3rd of january 2027 at 14:30                        -> @2027-01-03T14:30
next month on the 2nd at 9                                 -> @2026-12-02T09:00
every day at 8 Tokyo time                                  -> 0 8 * * * Asia/Tokyo
weekdays at 17:00 Pacific time                             -> 0 17 * * 1-5 America/Los_Angeles
every monday at 9 until the end of the year                -> 0 9 * * 1 last=2026-12-31
every day at 7 from 5 January 2027 to 9 January 2027       -> 0 7 * * * first=2027-01-05 last=2027-01-09
daily at 6 pm except weekends                              -> 0 18 * * 1-5
jeden Dienstag und Freitag um Viertel vor acht             -> 45 7 * * 2,5
sonntags um 12                                             -> 0 12 * * 0
Di und Do 14:30                                            -> 30 14 * * 2,4
jeden zweiten Mittwoch um 10 Uhr                           -> 0 10 * * 3 weeks=2 first=2026-11-25
alle 4 Wochen am Montag um 8 Uhr                           -> 0 8 * * 1 weeks=4 first=2026-11-30
am dritten Donnerstag jeden Monats um 15 Uhr               -> 0 15 * * 4#3
am 10. jeden Monats um 8                                   -> 0 8 10 * *
monatlich am 5. um 18 Uhr                                  -> 0 18 5 * *
jedes Jahr am 1. Januar um 0 Uhr                           -> 0 0 1 1 *
am letzten Arbeitstag des Monats um 16 Uhr                 -> 0 16 LW * *
alle 20 Minuten von 8 bis 12 Uhr montags bis freitags      -> */20 8-11 * * 1-5 | 0 12 * * 1-5
alle 6 Stunden                                             -> 0 */6 * * *
heute Nachmittag um 4                                      -> @2026-11-23T16:00
morgen um halb drei nachmittags                            -> @2026-11-24T14:30
in einer Stunde                                            -> @2026-11-23T13:00
in zwei Tagen um 12 Uhr mittags                            -> @2026-11-25T12:00
am Dienstag, dem 1. Dezember 2026 um 9 Uhr                 -> @2026-12-01T09:00
am 3.1.2027 um 14:30 Uhr                                   -> @2027-01-03T14:30
täglich um 7 Uhr früh außer sonntags                       -> 0 7 * * 1-6
jeden Tag um 20 Uhr New Yorker Zeit                        -> 0 20 * * * America/New_York
wöchentlich am Montag um 9                                 -> 0 9 * * 1
vierteljährlich am ersten Montag um 9                      -> 0 9 * 1,4,7,10 1#1
dienstags und donnerstags um 8 und 16 Uhr                  -> 0 8,16 * * 2,4
jede Nacht um 2 Uhr                                        -> 0 2 * * *
every third day at 9                                       -> 0 9 * * * days=3 first=2026-11-24
every weekday evening at 7                                 -> 0 19 * * 1-5
every monday morning at 8:30                               -> 30 8 * * 1
at 9am on Mondays and at 2pm on Fridays                    -> 0 9 * * 1 | 0 14 * * 5
every Monday at 9 and at 5pm on Fridays                    -> 0 9 * * 1 | 0 17 * * 5
9am Mondays, 2pm Fridays, 4pm Sundays                      -> 0 16 * * 0 | 0 9 * * 1 | 0 14 * * 5
Mondays at 9 and at 17, Fridays at 12                      -> 0 9,17 * * 1 | 0 12 * * 5
Mondays at 8, Thursdays at 9, and at 20:00 on Sundays      -> 0 20 * * 0 | 0 8 * * 1 | 0 9 * * 4
at 9 and at 17 on weekdays and at 11 on Saturdays and Sundays -> 0 11 * * 0,6 | 0 9,17 * * 1-5
every month at 9 on the 1st and at 14 on the 15th          -> 0 9 1 * * | 0 14 15 * *
every hour on Mondays and at 9 on Fridays                  -> 0 * * * 1 | 0 9 * * 5
at 9 on Mondays and every hour on Fridays                  -> 0 9 * * 1 | 0 * * * 5
at noon on Mondays and at midnight on Fridays              -> 0 12 * * 1 | 0 0 * * 5
at 9, at 12 and at 17 every day                            -> 0 9,12,17 * * *
every day at 9 in the morning and 8 in the evening         -> 0 9,20 * * *
in the morning at 9 and in the evening at 8 every day      -> 0 9,20 * * *
at 9 in the morning on Mondays and at 2 in the afternoon on Fridays -> 0 9 * * 1 | 0 14 * * 5
um 9 Uhr montags und um 14 Uhr freitags                    -> 0 9 * * 1 | 0 14 * * 5
montags um 9 Uhr und um 14 Uhr freitags                    -> 0 9 * * 1 | 0 14 * * 5
jeden Tag um 7 Uhr morgens und um 8 Uhr abends             -> 0 7,20 * * *
"""

REFUSED = """
every weekday at 9 in January and at 10 in July            -> Which of the times belong to which months is unclear.
Mondays at 9 every hour                                    -> A rhythm and a time are both said.
on Mondays at 9 and every hour                             -> A rhythm and a time are both said.
every Monday at 10 and every Friday                        -> At which time on some of the days is not said.
montags um 10 Uhr und freitags                             -> At which time on some of the days is not said.
daily at 8, and at 20:00 on Sundays                        -> Whether the days at the end belong to all of the times
every day at 9 and at 17 from Monday to Friday             -> Whether the days at the end belong to all of the times
every day at 9 and 8 in the evening                        -> Whether each of these times is in the evening is unclear.
next tuesday at 7 am                                       -> "Next Tuesday" is 24 November to some and 1 December
at 8                                                       -> A time is said, and no day.
next friday                                                -> "Next Friday" is 27 November to some and 4 December to
03/04                                                      -> 03/04 is 4 March to some and 3 April to others.
biweekly                                                   -> Biweekly means twice a week to some and every two
every 40 minutes                                           -> Every 40 minutes does not come out even in an hour, so
31st of every month                                        -> February has no day 31.
sometimes                                                  -> When exactly that is, is not said.
weekly                                                     -> On which day of the week is not said.
in the morning                                             -> At which time in the morning is not said.
7 or 8                                                     -> It says or, and only one of the two can be meant.
every day at 9 New York time and 10 Berlin time            -> It names two time zones: America/New_York and
hourly at 15                                               -> A rhythm and a time are both said.
every third friday at 10                                   -> Whether that is every 3 weeks or the 3. one of each
nächsten Freitag um 10                                     -> "Next Friday" is 27 November to some and 4 December to
am vorletzten Tag des Monats                               -> Days cannot be counted from the end of a month.
am Wochenende um 10                                        -> Whether every weekend is meant, and which of its days,
every day at half eight                                    -> "Half eight" is half past it to some, half an hour
um 9 Uhr                                                   -> A time is said, and no day.
tomorrow at midnight                                       -> Midnight at the start or at the end of Tuesday 24
every day at 25:00                                         -> 25:00 is no time of day.
at 8 and 10 pm every day                                   -> Whether 8 is meant as am or pm is unclear.
every weekday from 9 to 5                                  -> How often between these times is not said.
every hour from 9 to 5                                     -> From 9:00 to 5:00 goes past midnight, or it means the
31 november at 9                                           -> November has no day 31.
30 february                                                -> February has no day 30.
every 45 minutes                                           -> Every 45 minutes does not come out even in an hour, so
every 5 hours                                              -> Every 5 hours does not come out even in a day, so its
every 90 minutes                                           -> Every 90 minutes does not come out even in an hour, so
every 5 months on the 1st                                  -> Every 5 months does not come out even in a year.
every second                                               -> Schedules go by the minute, not by seconds.
every 30 seconds                                           -> Schedules go by the minute, not by seconds.
every friday the 13th at 9                                 -> Two days stand side by side there, and only days on
monthly                                                    -> On which day of the month is not said.
yearly                                                     -> On which day of the year is not said.
jährlich                                                   -> On which day of the year is not said.
every week                                                 -> On which day of the week is not said.
monatlich                                                  -> On which day of the month is not said.
on the 15th at 9                                           -> Whether that is once or every month is unclear.
jede Stunde um halb                                        -> "um halb" is not understood here.
nachts um 2                                                -> A time is said, and no day.
on mondays at 9 or 10                                      -> It says one time or another.
now and then                                               -> When exactly that is, is not said.
this weekend at 10                                         -> "this weekend at" is not understood here.
05/06 at 9                                                 -> 05/06 is 6 May to some and 5 June to others.
every 7 minutes                                            -> Every 7 minutes does not come out even in an hour, so
30th of each month at 9                                    -> February has no day 30.
monday at 9 London time and 10 Paris time                  -> It names two time zones: Europe/London and
twice a week at 9                                          -> At which days is not said.
every few hours                                            -> When exactly that is, is not said.
yesterday at 9                                             -> "yesterday" is not understood as part of a time.
2025-01-01 09:00                                           -> Wednesday 1 January 2025 at 09:00, Europe/Berlin, is
morgens                                                    -> At which time in the morning is not said.
gegen 9 Uhr täglich                                        -> A schedule needs an exact time.
31. April um 9                                             -> April has no day 31.
"""


def lines(table: str) -> list[tuple[str, str]]:
    return [
        (phrase.strip(), wanted) for phrase, _, wanted in (one.partition(" -> ") for one in table.split("\n")) if wanted
    ]


def told(when: When) -> str:
    """Expressions, counted weeks or days, first and last day, and the zone if it is not the speaker's."""
    if when.at is not None:
        return f"@{when.at:%Y-%m-%dT%H:%M}"
    words = [" | ".join(when.crons)]
    words += [f"{name}={number}" for name, number in (("weeks", when.weeks), ("days", when.days)) if number > 1]
    words += [f"{name}={day}" for name, day in (("first", when.first), ("last", when.last)) if day]
    return " ".join(words + ([when.zone] if when.zone != "Europe/Berlin" else []))


@pytest.mark.parametrize(("phrase", "wanted"), lines(UNDERSTOOD))
def test_understood(phrase: str, wanted: str) -> None:
    assert told(parse(phrase, "Europe/Berlin", NOW)) == wanted


@pytest.mark.parametrize(("phrase", "why"), lines(REFUSED))
def test_refused_with_a_reason_and_a_way_out(phrase: str, why: str) -> None:
    with pytest.raises(BadInput) as refused:
        parse(phrase, "Europe/Berlin", NOW)
    assert refused.value.message.startswith(why)
    assert refused.value.hint


def test_next_friday_is_clear_once_this_weeks_is_over() -> None:
    saturday = datetime(2026, 11, 28, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert told(parse("next friday at 9", "Europe/Berlin", saturday)) == "@2026-12-04T09:00"
    assert told(parse("next tuesday at 7 am", "Europe/Berlin", saturday)) == "@2026-12-01T07:00"
    friday = datetime(2026, 11, 27, 12, tzinfo=ZoneInfo("Europe/Berlin"))
    assert told(parse("next friday at 9", "Europe/Berlin", friday)) == "@2026-12-04T09:00"
    assert told(parse("friday at 9", "Europe/Berlin", friday)) == "@2026-12-04T09:00"
    with pytest.raises(BadInput, match="Today is Friday"):
        parse("friday at 17", "Europe/Berlin", friday)


def test_in_two_hours_counts_the_time_that_passes() -> None:
    before = datetime(2027, 3, 28, 1, 30, tzinfo=ZoneInfo("Europe/Berlin"))
    assert told(parse("in 2 hours", "Europe/Berlin", before)) == "@2027-03-28T04:30"


def test_first_working_day_of_the_month() -> None:
    from hub.schedules.when import upcoming

    when = parse("first working day of the month at 9", "Europe/Berlin", NOW)
    days = [f"{one:%a %d.%m.}" for one in upcoming(when, NOW, 6)]
    assert days == ["Tue 01.12.", "Fri 01.01.", "Mon 01.02.", "Mon 01.03.", "Thu 01.04.", "Mon 03.05."]


def test_languages_are_not_mixed() -> None:
    with pytest.raises(BadInput, match="not understood"):
        parse("every Montag at 9", "Europe/Berlin", NOW)
