import collections, json, time
import pytest
from tests.security.cast import *
from tests.security.routes import *
from tests.counts import forget_counts
from tests.security.bodies import BODIES

OUT = {}

@pytest.mark.django_db
@pytest.mark.parametrize("actor", ACTORS)
def test_explore(actor, settings):
    settings.METRICS_TOKEN = METRICS_TOKEN
    t=time.time()
    story = told()
    who, make = ACTORS[actor]
    visitor = make(story)
    print(actor, "story", time.time()-t)
    t=time.time(); n=0
    for route in routes():
        forget_counts()
        for method in METHODS:
            with undone():
                a = visitor.send(method, address(route, story.ids), BODIES.get((method, route)))
                if a.streaming: a.getvalue()
                s = str(a.status_code)
                if s[0]=="3": s += " "+a["Location"].split("?")[0].replace(str(story.ids.get(thing(route),"zzz")),"ID")
                OUT.setdefault(f"{route} {method}", {})[actor]=s; n+=1
    print(actor, n, "cells", time.time()-t)
    json.dump(OUT, open("/tmp/N/out.json","w"), indent=0)
