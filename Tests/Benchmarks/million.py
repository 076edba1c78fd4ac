#!/usr/bin/env python3
"""Measures questions about 1,000,000 events and 100,000 contacts of each platform. Python's standard library only.

  million.py PROGRAM [--quick | --events N --contacts N] [--keep FOLDER]

The workspace is filled through the program itself. Reported are the median and the slowest in a hundred of calls made
one at a time; what is over its target (10 ms, 300 ms for counts by group, 5 ms for completions) is marked. A folder that is kept is used
again by the next run.
"""
import argparse
import itertools
import json
import pathlib
import random
import re
import statistics
import sys
import tempfile
import time

from bench import Server, one_at_a_time

TARGET, AGGREGATE_TARGET, COMPLETION_TARGET = 10, 300, 5
DAY = 86_400
NAMES = ["page_view"] * 12 + ["button_click"] * 4 + ["link_click"] * 2 + [
    "form_view", "video_play", "video_milestone", "page_leave", "first_visit", "download", "signup"]
BROWSERS = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 14_0) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15 Version/17.0 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0",
    "Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)",
]
REFERRERS = ["", "https://www.google.com/", "https://news.example/item", "https://social.example/post"]
SOURCES = ["newsletter", "search", "social", "partner"]
STAGES = ["lead", "prospect", "mql", "sql", "opportunity", "customer", "subscriber"]
COUNTRIES = ["Germany", "France", "Poland", "Spain", "Italy", "Norway", "Japan", "Brazil"]
TITLES = ["Head of Growth", "CTO", "Engineer", "Founder", "Sales Manager", "Analyst"]


def contact(index, chance):
    return {
        "email": f"person{index}@company{index % 5000}.example",
        "properties": {
            "firstname": f"Given{index % 1000}", "lastname": f"Family{index % 7919}",
            "company": f"Company {index % 5000}", "jobtitle": chance.choice(TITLES),
            "lifecyclestage": chance.choice(STAGES), "country": chance.choice(COUNTRIES),
            "city": f"City {index % 300}", "industry": f"Industry {index % 40}"},
        **({"visitor_id": f"visitor-{index}"} if index % 3 == 0 else {})}


def event(index, count, contacts, now, chance):
    """Spread over 200 days in order, a third of them of known visitors."""
    moment = now - 200 * DAY + index * 200 * DAY / count
    site, page = chance.randrange(20), int(chance.paretovariate(0.7)) % 5000
    path = f"/{('pricing', 'docs', 'blog', 'product')[page % 4]}/{page}"
    data = {"path": path, "title": f"Page {page}"}
    if chance.random() < 0.1:
        data["utmParams"] = {"utm_source": chance.choice(SOURCES), "utm_medium": "web"}
    visitor = chance.randrange(contacts)
    return {
        "event": chance.choice(NAMES), "timestamp": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(moment)),
        "url": f"https://site{site}.example{path}", "visitorId": f"visitor-{visitor}", "sessionId": f"s{visitor}",
        "userAgent": chance.choice(BROWSERS), "referrer": chance.choice(REFERRERS), "data": data}


def fill(server, events, contacts):
    chance, now = random.Random(7), time.time()
    seconds = 0
    for start in range(0, contacts, 5000):
        seconds += server.pipelined([
            server.call("pathbound_create_contact", contact(index, chance))
            for index in range(start, min(start + 5000, contacts))])
    print(f"{contacts:,} contacts created: {contacts / seconds:,.0f} a second")
    seconds = 0
    for start in range(0, events, 20_000):
        batch = [event(index, events, contacts, now, chance) for index in range(start, min(start + 20_000, events))]
        seconds += server.pipelined([
            server.call("pathbound_track_events", {"events": batch[first:first + 100]})
            for first in range(0, len(batch), 100)])
    print(f"{events:,} events tracked, a hundred in a call: {events / seconds:,.0f} a second")


def fill_owlbound(server, contacts):
    """As many people on the other platform; unknown to the first, so that neither's figures depend on the other's."""
    chance = random.Random(11)
    seconds = 0
    for start in range(0, contacts, 5000):
        seconds += server.pipelined([
            server.call("owlbound_create_contact", {
                "firstName": f"Vorname{index % 1000}", "lastName": f"Nachname{index % 7919}",
                "email": f"owl{index}@firma{index % 5000}.example", "company": f"Firma {index % 5000} Company",
                "title": chance.choice(TITLES), "source": chance.choice(SOURCES), "tags": [chance.choice(SOURCES)]})
            for index in range(start, min(start + 5000, contacts))])
    print(f"{contacts:,} Owlbound contacts created: {contacts / seconds:,.0f} a second")


def owlbound_questions():
    for query in ("vorname7 nachname9", "vorname", "company", "firma 77", "cto", "f", "owl4711", "head of growth", "nobody"):
        yield "search", "owlbound_search_contacts", {"query": query}, TARGET
    yield "search", "owlbound_search_contacts", {"query": "company", "status": "new"}, TARGET
    for filters in (
        {}, {"status": "new"}, {"source": "partner"}, {"company": "firma 77"}, {"company": "company"},
        {"status": "new", "source": "partner"}, {"sort_by": "score"}, {"status": "new", "sort_by": "activityScore"},
    ):
        yield "Owlbound contacts", "owlbound_list_contacts", filters, TARGET


def days_ago(days):
    return time.strftime("%Y-%m-%d", time.gmtime(time.time() - days * DAY))


def questions(server):
    """Name, tool, arguments and target of each."""
    people = server.result("pathbound_list_contacts", {"limit": 100, "fields": "summary"})["contacts"]
    ids = [person["contact_id"] for person in people]
    event = server.result("pathbound_list_events", {"limit": 1})["events"][0]["_id"]
    month = {"date_after": days_ago(40), "date_before": days_ago(10)}
    segment = {}
    for name, content in (
        ("Leads", {"lifecycle_stage": "lead"}),
        ("Price watchers", {"events": [{"url_contains": "pricing", "within_days": 30}], "not_emailed_days": 14}),
        ("Lost leads", {"lifecycle_stage": "lead", "events": [{"within_days": 90, "none": True}]})):
        saved = server.result("pathbound_save_segment", {"name": name, "filter": content})
        segment[name] = saved["segment"]["_id"]
    for filters in (
        {}, {"event_type": "signup"}, {"event_type": "page_view"}, {"contact_id": ids[0]}, {"domain": "site3.example"},
        {"url_contains": "/pricing/4"}, {"url_contains": "example"}, {"url_contains": "zz"}, month,
        {"identified_only": True}, {"search": "docs"}, {"search": "signup"}, {"search": "nothing like it"},
        {"event_type": "page_view", "domain": "site3.example", **month}, {"sort_by": "event"},
        {"sort_by": "createdAt", "sort_dir": "asc"}, {"domain": "site3.example", "sort_by": "event"},
        {"event_type": "page_view", "identified_only": True, "url_contains": "docs", **month},
        {"identified_only": True, "page": 2000},
    ):
        yield "events", "pathbound_list_events", filters, TARGET
    yield "events, short", "pathbound_list_events", {"fields": "summary", "limit": 100}, TARGET
    for filters in (month, {"identified_only": True}, {"url_contains": "pricing"}):
        yield "count of events", "pathbound_list_events", {"count_only": True, **filters}, TARGET
    for filters in (
        {}, {"lifecycle_stage": "lead"}, {"country": "Japan"}, {"job_title": "cto"}, {"search": "given7 family9"},
        {"lifecycle_stage": "lead", "country": "Japan"}, {"has_linkedin": False}, {"status": "not_enriched"},
        {"created_after": days_ago(1)}, {"sort_by": "lastname", "sort_dir": "asc"}, {"search": "company"},
        {"industry": "Industry 7", "sort_by": "email"},
    ):
        yield "contacts", "pathbound_list_contacts", filters, TARGET
    yield "one event", "pathbound_get_event", {"event_id": event}, TARGET
    yield "one contact with everything", "pathbound_get_contact", {"contact_id": ids[0]}, TARGET
    yield "event types", "pathbound_list_event_types", {}, TARGET
    yield "statistics", "pathbound_get_event_stats", month, TARGET
    yield "statistics", "pathbound_get_event_stats", {}, TARGET
    yield "25 contacts", "pathbound_batch_get_details", {"entity_type": "contacts", "ids": ids[:25]}, TARGET
    yield "activity of 25", "pathbound_batch_get_activity", {"contact_ids": ids[:25]}, TARGET
    for name, number in segment.items():
        yield f"segment “{name}”", "pathbound_get_segment", {"segment_id": number}, TARGET
        yield f"members of “{name}”", "pathbound_list_segment_contacts", {
            "segment_id": number, "fields": "summary"}, TARGET
    yield "all segments", "pathbound_list_segments", {}, AGGREGATE_TARGET
    for dimension in (
        "event", "path", "domain", "device_type", "browser", "referring_domain", "utm_source", "contact_id",
        "company_id", "day", "week"):
        yield "events by", "pathbound_aggregate", {"entity": "events", "group_by": dimension}, AGGREGATE_TARGET
    yield "events by", "pathbound_aggregate", {
        "entity": "events", "group_by": "path", "filters": {
            "segment_id": segment["Leads"], "event_type": "page_view", **month}}, AGGREGATE_TARGET
    for dimension in ("lifecycle_stage", "country", "company", "month"):
        yield "contacts by", "pathbound_aggregate", {"entity": "contacts", "group_by": dimension}, AGGREGATE_TARGET
    yield "contacts by", "pathbound_aggregate", {
        "entity": "contacts", "group_by": "country", "filters": {"segment_id": segment["Price watchers"]}
    }, AGGREGATE_TARGET


def completions():
    """What is typed into an argument: common and rare beginnings, of addresses, names and ids, old records and new."""
    email = {"type": "ref/prompt", "name": "research_contact"}, "contact"
    contact = {"type": "ref/resource", "uri": "pathbound://contacts/{contact_id}"}, "contact_id"
    company = {"type": "ref/resource", "uri": "pathbound://companies/{company_id}"}, "company_id"
    typed = [(email, text) for text in ("", "p", "person", "person7", "person77777@", "given42", "family7 ", "zz", "@")]
    typed += [(contact, text) for text in ("", "ct_", "ct_0000001", "family78", "person12345@company")]
    typed += [(company, "")]
    for (reference, name), text in typed:
        yield {"ref": reference, "argument": {"name": name, "value": text}}


def timed(ask, rounds, name, target):
    """Prints median and slowest of a question; whether it is over its target."""
    for _ in range(3):
        ask()
    times = []
    for _ in range(rounds):
        start = time.perf_counter()
        ask()
        times.append((time.perf_counter() - start) * 1e3)
    median, worst = statistics.median(times), statistics.quantiles(times, n=100, method="inclusive")[98]
    print(f"{name:<86.86}{median:>6.2f} ms{worst:>7.2f} ms{' over target' if worst > target else ''}")
    return worst > target


def words(arguments):
    text = json.dumps(arguments, ensure_ascii=False)[1:-1].replace('"', "")
    return re.sub(r"\b(ct|seg|evt)_\w+(, \1_\w+)*", r"\1_…", text)


def memory(server):
    """Megabytes of its own, without the pages of the file that the system shares with it."""
    try:
        status = pathlib.Path(f"/proc/{server.process.pid}/status").read_text()
        return int(re.search(r"RssAnon:\s+(\d+)", status).group(1)) / 1024
    except OSError:
        return server.memory()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("program")
    parser.add_argument("--events", type=int, default=1_000_000)
    parser.add_argument("--contacts", type=int, default=100_000)
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--keep")
    options = parser.parse_args()
    if options.quick:
        options.events, options.contacts, options.rounds = 50_000, 5000, 10
    with tempfile.TemporaryDirectory() as temporary:
        folder = pathlib.Path(options.keep or temporary)
        folder.mkdir(parents=True, exist_ok=True)
        is_new = not (folder / "workspace.db").exists()
        server = Server(options.program, folder)
        server.initialize()
        if is_new:
            fill(server, options.events, options.contacts)
        if not server.result("owlbound_list_contacts", {"limit": 1})["contacts"]:
            fill_owlbound(server, options.contacts)
        slow = 0
        print(f"{'':<86}{'p50':>9} {'p99':>9}")
        for name, tool, arguments, target in itertools.chain(questions(server), owlbound_questions()):
            one_at_a_time(server, tool, lambda _: arguments, 3)
            times = [seconds * 1e3 for seconds in one_at_a_time(server, tool, lambda _: arguments, options.rounds)]
            median, worst = statistics.median(times), statistics.quantiles(times, n=100, method="inclusive")[98]
            server.result(tool, arguments)
            mark = " over target" if worst > target else ""
            slow += worst > target
            print(f"{name + ': ' + words(arguments):<86.86}{median:>6.2f} ms{worst:>7.2f} ms{mark}")
        for params in completions():
            message = server.message("completion/complete", params)
            answer = json.loads(server.ask(message))
            if "error" in answer:
                sys.exit(f"completion/complete: {answer}")
            name = f"completion of {params['argument']['name']}: {params['argument']['value'] or 'nothing typed'}"
            slow += timed(lambda: server.ask(message), options.rounds, name, COMPLETION_TARGET)
        print(f"memory after all this, without the file's pages: {memory(server):.1f} MB")
        size = (folder / "workspace.db").stat().st_size
        print(f"workspace on disk: {size / 1e6:,.0f} MB")
        server.close()
        if slow:
            print(f"{slow} over target")


if __name__ == "__main__":
    sys.exit(main())
