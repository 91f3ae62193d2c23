"""What everybody is answered at every address: the one table of it.

A route, a method or an actor that is not here fails the matrix by name. What all of a group are
answered alike is said once, above the group; the lines say the rest, as statuses or as where one is
sent: "login" is to the log-in of the pages, "moved" to another page.
"""

NOBODY = ("nobody", "metrics")
PATIENTS = ("A", "A without consent", "B")
# The second factor and the way in for emergencies are not there yet: whoever is staff, and has
# logged in, gets what the last four columns say. A superuser reads everything, and that is kept.
STAFF = ("physician of A", "other physician", "staff", "superuser")
EVERYBODY = (*NOBODY, *PATIENTS, *STAFF)

# --- The API ------------------------------------------------------------------------------------
# Without a valid token 401; staff 403, whatever the address; HEAD is GET. A method that is not
# named is a 405, where the patient has agreed to the consent text or need not have.
#                                                A  without consent  B
API = """
entries/                              GET       200      403        200
entries/                              POST      201      403        201
entries/<id:record_id>/               GET       200      403        404
entries/<id:record_id>/               PUT       200      403        201
entries/<id:record_id>/               DELETE    204      403        404
entries/<id:record_id>/history/       GET       200      403        404
massages/                             GET       200      403        200
massages/                             POST      201      403        201
massages/<id:record_id>/              GET       200      403        404
massages/<id:record_id>/              PUT       200      403        201
massages/<id:record_id>/              DELETE    204      403        404
massages/<id:record_id>/history/      GET       200      403        404
massages/<id:record_id>/response/     GET       200      403        404
sync/                                 POST      200      403        200
clearance/                            GET       200      403        200
clearance/                            POST      200      403        200
summary/                              GET       200      403        200
rules/                                GET       200      403        200
alerts/                               GET       200      403        200
alerts/<id:alert_id>/                 GET       200      403        404
alerts/<id:alert_id>/receipt/         POST      200      403        404
alerts/<id:alert_id>/acknowledge/     POST      200      403        404
alerts/<id:alert_id>/feedback/        POST      200      403        404
devices/                              GET       200      403        200
devices/<id:device_id>/               GET       200      403        404
devices/<id:device_id>/               PUT       200      403        201
devices/<id:device_id>/               DELETE    204      403        404
devices/<id:device_id>/test/          POST      202      403        404
push-key/                             GET       200      403        200
export/                               GET       200      200        200
me/                                   GET       200      403        200
me/                                   PATCH     200      403        200
me/                                   DELETE    403      403        403
me/access-log/                        GET       200      403        200
me/consents/                          GET       200      200        200
me/consents/                          POST      201      201        201
me/consents/                          DELETE    204      204        204
"""
# DELETE me/ is the erasure: 403 because nobody here has proved just now who they are.

# --- The log-in library -------------------------------------------------------------------------
# Its own addresses look at no role. What is sent is empty, so that a 400 means: let in, and asked
# for more; a 409, that nothing of the kind is under way. Every method that is not named is a 405.
# DELETE auth/session answers 401 also when it worked: it means logged out.
#                                              nobody   A   others
ACCOUNT = """
config                                GET       200    200    200
auth/session                          GET       401    200    200
auth/session                          DELETE    401    401    401
auth/reauthenticate                   POST      401    400    400
auth/code/confirm                     POST      409    409    409
auth/code/request                     POST      400    400    400
auth/code/resend                      POST      409    409    409
auth/password/request                 POST      400    400    400
auth/password/reset                   GET       409    409    409
auth/password/reset                   POST      409    409    409
auth/login                            POST      400    400    400
auth/signup                           POST      400    400    400
auth/email/verify                     GET       409    409    409
auth/email/verify                     POST      409    409    409
auth/email/verify/resend              POST      409    409    409
auth/2fa/authenticate                 POST      401    401    401
auth/2fa/reauthenticate               POST      401    400    400
auth/sessions                         GET       401    200    200
auth/sessions                         DELETE    401    400    400
account/password/change               POST      401    400    400
account/email                         GET       401    200    200
account/email                         POST      409    400    400
account/email                         PUT       401    400    400
account/email                         PATCH     401    400    400
account/email                         DELETE    401    400    400
account/authenticators                GET       401    200    200
account/authenticators/totp           GET       401    200    404
account/authenticators/totp           POST      401    400    400
account/authenticators/totp           DELETE    401    401    200
account/authenticators/recovery-codes GET       401    404    404
account/authenticators/recovery-codes POST      401    401    400
tokens/refresh                        POST      400    400    400
"""
# A has a second factor, and must show it again before it is touched.
NOT_OFFERED = ("auth/phone/verify", "auth/phone/verify/resend", "account/phone")  # 404 for all

# --- The physicians' pages ----------------------------------------------------------------------
# Who is no staff is sent to the log-in. GET, HEAD and POST are the only methods: 405 otherwise.
OF_PATIENTS = ("diary/entry", "diary/massage", "diary/patient")
WITHOUT_HISTORY = ("diary/rejecteditem", "alerts/alert", "alerts/alertevent")
OF_THE_SERVICE = ("alerts/incident", "alerts/watch", "alerts/delivery")
#                                    physician of A  other  staff  superuser
PAGES = """
{}/                              GET POST       200    200    403    200
{}/add/                          GET POST       403    403    403    403
{}/<path:object_id>/             GET POST     moved  moved  moved  moved
{}/<path:object_id>/change/      GET            200    404    403    200
{}/<path:object_id>/change/      POST           403    403    403    403
{}/<path:object_id>/delete/      GET POST       403    403    403    403
"""
HISTORY = """
{}/<path:object_id>/history/     GET            200    404    403    200
{}/<path:object_id>/history/     POST           403    403    403    403
"""
NO_HISTORY = """
{}/<path:object_id>/history/     GET POST       404    404    403    404
"""
SERVICE_PAGES = """
{}/                              GET POST       403    403    403    200
{}/add/                          GET POST       403    403    403    403
{}/<path:object_id>/             GET POST     moved  moved  moved  moved
{}/<path:object_id>/change/      GET            403    403    403    200
{}/<path:object_id>/change/      POST           403    403    403    403
{}/<path:object_id>/delete/      GET POST       403    403    403    403
{}/<path:object_id>/history/     GET POST       403    403    403    404
"""
OTHER_PAGES = """
                                 GET POST     moved  moved    200  moved
search/                          GET POST       404    404    404    404
password_change/                 GET POST       200    200    200    200
password_change/done/            GET            200    200    200    200
password_change/done/            POST           405    405    405    405
autocomplete/                    GET            200    200    403    200
autocomplete/                    POST           405    405    405    405
jsi18n/                          GET            200    200    200    200
jsi18n/                          POST           405    405    405    405
alerts/alert/<uuid:alert_id>/acknowledge/  GET   405    404    403    403
alerts/alert/<uuid:alert_id>/acknowledge/  POST moved   404    403    403
alerts/alert/<uuid:alert_id>/close/        GET POST 200 404    403    403
alerts/alertevent/<uuid:event_id>/see/     GET   405    404    403    403
alerts/alertevent/<uuid:event_id>/see/     POST moved   404    403    403
^(?P<app_label>diary|alerts)/$   GET POST       200    200    404    200
(?P<url>.*)$                     GET POST       404    404    404    404
"""
# --- Open to all --------------------------------------------------------------------------------
# readyz is a 503 here, where no dispatcher is at work. HEAD is GET, all else a 405.
#                                          nobody  metrics  patients  staff
OPEN = """
healthz                          GET          200    200    200    200
readyz                           GET          503    503    503    503
metrics                          GET          401    200    401    401
api/schema/                      GET          200    200    200    200
api/docs/                        GET          200    200    200    200
"""
# The log-in and log-out of the pages are for whoever comes. The sandbox, which is not there in a
# deployment, is a 404 for all who do not sit at this very machine. HEAD is as it is named.
#                                          nobody  metrics  patients  staff
AS_NAMED = """
admin/login/                     GET          200    200    200  moved
admin/login/                     HEAD POST    200    200    200    200
admin/logout/                    GET HEAD   moved  moved  moved    405
admin/logout/                    POST       moved  moved  moved    200
sandbox/inbox/                   GET          404    404    404    404
sandbox/subscription/            GET          404    404    404    404
sandbox/push/<slug:name>         POST         404    404    404    404
"""
