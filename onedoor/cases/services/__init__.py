"""What may be done to a case. One function for each action of the lifecycle table."""

from onedoor.cases.inputs import Handed
from onedoor.cases.services.accepting import accept, accept_tolerant, finish_at_once, reject
from onedoor.cases.services.account import close_account
from onedoor.cases.services.answering import resubmit, supply
from onedoor.cases.services.attaching import attach, attach_joint
from onedoor.cases.services.committing import commit, commit_online
from onedoor.cases.services.consenting import choose_serving, may_choose_serving
from onedoor.cases.services.correction import ask_correction, return_unanswered, take_correction
from onedoor.cases.services.decision import grant, refuse
from onedoor.cases.services.delivery import confirm_delivery, hand_out, make, make_ready, post
from onedoor.cases.services.drafting import forget_drafts
from onedoor.cases.services.erasing import erase
from onedoor.cases.services.extending import extend
from onedoor.cases.services.forwarding import forward, record_reply
from onedoor.cases.services.hearings import ask_hearing, call_hearing, record_hearing, tell_hearing
from onedoor.cases.services.intake import receive, receive_and_finish, reserve, withdraw
from onedoor.cases.services.joint import JointSlot, receive_joint, reserve_joint
from onedoor.cases.services.joint_extending import extend_joint
from onedoor.cases.services.joint_members import start_members
from onedoor.cases.services.joint_supplying import supply_joint
from onedoor.cases.services.licences import cancel, deem_renewed, link_licence, revoke
from onedoor.cases.services.moving import receipt_due
from onedoor.cases.services.precheck import pre_pass, pre_return, receive_submitted
from onedoor.cases.services.promising import (
    promise,
    put_off,
    return_unkept,
    supplement,
    supplement_online,
)
from onedoor.cases.services.pushing import answer as answer_push
from onedoor.cases.services.pushing import run_push_timers, sign_for
from onedoor.cases.services.reaching import (
    confirm_entrusted,
    deposit,
    entrust,
    fetch,
    serve_online,
)
from onedoor.cases.services.recomputing import recompute_due_dates
from onedoor.cases.services.retyping import may_note_retyping, note_retyping
from onedoor.cases.services.review import review
from onedoor.cases.services.serving import (
    announce_end,
    entrust_end,
    fetch_end,
    leave_end,
    post_end,
    run_end_timers,
    serve,
    serve_end_online,
)
from onedoor.cases.services.special import propose_special, resume, suspend, turn_down_special
from onedoor.cases.services.submitting import precheck_due, submit, submit_draft
from onedoor.cases.services.surveys import order_survey, record_survey, sign_survey
from onedoor.cases.services.timers import deem_accepted, run_timers, settle, settle_joint
from onedoor.cases.services.unclaimed import announce, deem_served, leave
from onedoor.cases.services.verifying import answer_objection, object_to, verify
from onedoor.cases.services.viewing import show_file, show_personal_data

__all__ = [
    "Handed",
    "JointSlot",
    "accept",
    "accept_tolerant",
    "announce",
    "announce_end",
    "answer_objection",
    "answer_push",
    "ask_correction",
    "ask_hearing",
    "attach",
    "attach_joint",
    "call_hearing",
    "cancel",
    "choose_serving",
    "close_account",
    "commit",
    "commit_online",
    "confirm_delivery",
    "confirm_entrusted",
    "deem_accepted",
    "deem_renewed",
    "deem_served",
    "deposit",
    "entrust",
    "entrust_end",
    "erase",
    "extend",
    "extend_joint",
    "fetch",
    "fetch_end",
    "finish_at_once",
    "forget_drafts",
    "forward",
    "grant",
    "hand_out",
    "leave",
    "leave_end",
    "link_licence",
    "make",
    "make_ready",
    "may_choose_serving",
    "may_note_retyping",
    "note_retyping",
    "object_to",
    "order_survey",
    "post",
    "post_end",
    "pre_pass",
    "pre_return",
    "precheck_due",
    "promise",
    "propose_special",
    "put_off",
    "receipt_due",
    "receive",
    "receive_and_finish",
    "receive_joint",
    "receive_submitted",
    "recompute_due_dates",
    "record_hearing",
    "record_reply",
    "record_survey",
    "refuse",
    "reject",
    "reserve",
    "reserve_joint",
    "resubmit",
    "resume",
    "return_unanswered",
    "return_unkept",
    "review",
    "revoke",
    "run_end_timers",
    "run_push_timers",
    "run_timers",
    "serve",
    "serve_end_online",
    "serve_online",
    "settle",
    "settle_joint",
    "show_file",
    "show_personal_data",
    "sign_for",
    "sign_survey",
    "start_members",
    "submit",
    "submit_draft",
    "supplement",
    "supplement_online",
    "supply",
    "supply_joint",
    "suspend",
    "take_correction",
    "tell_hearing",
    "turn_down_special",
    "verify",
    "withdraw",
]
