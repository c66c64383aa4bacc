"""The answers of the interface as the reference gives them: every field and its type, path by path.

A name ending in "?" may be missing; `[shape]` is a list of such. What is not named here may not be in an answer at all: a field
we made up would teach clients something that is not so.
"""

from __future__ import annotations

from typing import Any

CC = "/cgi-bin/externalcontact"
ENVELOPE: dict[str, Any] = {}

TAG = {"id": str, "name": str, "create_time": int, "order": int, "deleted?": bool}
TAG_GROUP = {"group_id": str, "group_name": str, "create_time": int, "order": int, "deleted?": bool, "tag": [TAG]}
STRATEGY_GROUP = {**TAG_GROUP, "strategy_id": int}

STAFF = {
    "userid": str,
    "name": str,
    "department": [int],
    "order": [int],
    "position": str,
    "mobile?": str,
    "gender?": str,
    "email?": str,
    "biz_mail?": str,
    "is_leader_in_dept": [int],
    "direct_leader?": [str],
    "avatar?": str,
    "thumb_avatar?": str,
    "telephone?": str,
    "alias": str,
    "status": int,
    "main_department": int,
    "extattr?": {"attrs": []},
    "qr_code?": str,
    "external_profile?": dict,
    "external_position?": str,
    "address?": str,
}
BRIEF_STAFF = {"userid": str, "name": str, "department": [int]}
DEPARTMENT = {"id": int, "name": str, "name_en?": str, "parentid": int, "order": int, "department_leader?": [str]}

EXTERNAL = {
    "external_userid": str,
    "name": str,
    "avatar?": str,
    "type": int,
    "gender": int,
    "unionid?": str,
    "position?": str,
    "corp_name?": str,
    "corp_full_name?": str,
    "external_profile?": dict,
}
FOLLOW = {
    "userid": str,
    "remark": str,
    "description": str,
    "createtime": int,
    "remark_corp_name?": str,
    "remark_mobiles?": [str],
    "oper_userid": str,
    "add_way": int,
    "state?": str,
}
OWN_TAG = {"group_name": str, "tag_name": str, "tag_id?": str, "type": int}

MEMBER = {
    "userid": str,
    "type": int,
    "unionid?": str,
    "join_time": int,
    "join_scene": int,
    "invitor?": {"userid": str},
    "group_nickname": str,
    "name?": str,
    "state?": str,
}
GROUP = {
    "chat_id": str,
    "name": str,
    "owner": str,
    "create_time": int,
    "notice?": str,
    "member_list": [MEMBER],
    "admin_list": [{"userid": str}],
    "member_version": str,
}
JOIN_WAY = {
    "config_id": str,
    "scene": int,
    "remark": str,
    "auto_create_room": int,
    "room_base_name?": str,
    "room_base_id?": int,
    "chat_id_list": [str],
    "qr_code?": str,
    "state?": str,
}
CONTACT_WAY = {
    "config_id": str,
    "type": int,
    "scene": int,
    "style?": int,
    "remark": str,
    "skip_verify": bool,
    "state": str,
    "qr_code?": str,
    "user": [str],
    "party": [int],
    "is_temp?": bool,
    "expires_in?": int,
    "chat_expires_in?": int,
    "unionid?": str,
    "conclusions?": dict,
}
GROUP_NUMBERS = {
    "new_chat_cnt": int,
    "chat_total": int,
    "chat_has_msg": int,
    "new_member_cnt": int,
    "member_total": int,
    "member_has_msg": int,
    "msg_total": int,
    "migrate_trainee_chat_cnt": int,
}
BEHAVIOUR = {
    "stat_time": int,
    "chat_cnt": int,
    "message_cnt": int,
    "reply_percentage?": float,
    "avg_reply_time?": int,
    "negative_feedback_cnt": int,
    "new_apply_cnt": int,
    "new_contact_cnt": int,
}
MEDIUM = dict
MASS_RESULT = {"external_userid?": str, "chat_id?": str, "userid": str, "status": int, "send_time?": int}
MOMENT = {
    "moment_id": str,
    "creator?": str,
    "create_time": int,
    "create_type": int,
    "visible_type": int,
    "text?": {"content": str},
    "image?": [MEDIUM],
    "video?": MEDIUM,
    "link?": MEDIUM,
}
REACTION = {"external_userid?": str, "userid?": str, "create_time": int}
PRODUCT = {
    "product_id": str,
    "description": str,
    "price": int,
    "create_time?": int,
    "product_sn?": str,
    "attachments": [{"type": str, "image": {"media_id": str}}],
}
RULE = {
    "rule_id": str,
    "rule_name": str,
    "word_list": [str],
    "extra_rule": {"semantics_list": [int]},
    "intercept_type": int,
    "applicable_range": {"user_list": [str], "department_list": [int]},
}
REFUND = {
    "out_refund_no": str,
    "refund_userid": str,
    "refund_comment": str,
    "refund_reqtime": int,
    "refund_status": int,
    "refund_fee": int,
}
BILL = {
    "transaction_id": str,
    "bill_type": int,
    "trade_state": int,
    "pay_time": int,
    "out_trade_no": str,
    "out_refund_no?": str,
    "external_userid": str,
    "total_fee": int,
    "payee_userid": str,
    "payment_type": int,
    "mch_id": str,
    "remark": str,
    "commodity_list": [{"description": str, "amount": int}],
    "total_refund_fee": int,
    "refund_list": [REFUND],
    "contact_info?": {"name?": str, "phone?": str, "address?": str},
    "miniprogram_info?": dict,
}
AGREED = {"status_change_time": int, "exteranalopenid": str, "agree_status": str}
INVALID_USERS = {"invaliduser": [str]}
HANDED = [{"external_userid": str, "errcode": int}]
HANDED_RESULT = {"customer": [{"external_userid": str, "status": int, "takeover_time": int}], "next_cursor": str}
FAILED_CHATS = {"failed_chat_list": [{"chat_id": str, "errcode": int, "errmsg": str}]}
TICKET = {"ticket": str, "expires_in": int}
UPLOADED = {"type": str, "media_id": str}
BINARY = bytes

SHAPES: dict[str, Any] = {
    # 1
    "/cgi-bin/gettoken": {"access_token": str, "expires_in": int},
    "/cgi-bin/getcallbackip": {"ip_list": [str]},
    "/cgi-bin/get_api_domain_ip": {"ip_list": [str]},
    # 7, 8, 9
    f"{CC}/groupchat/list": {"group_chat_list": [{"chat_id": str, "status": int}], "next_cursor?": str},
    f"{CC}/groupchat/get": {"group_chat": GROUP},
    f"{CC}/groupchat/transfer": FAILED_CHATS,
    f"{CC}/groupchat/onjob_transfer": FAILED_CHATS,
    f"{CC}/opengid_to_chatid": {"chat_id": str},
    f"{CC}/groupchat/add_join_way": {"config_id": str},
    f"{CC}/groupchat/get_join_way": {"join_way": JOIN_WAY},
    f"{CC}/groupchat/update_join_way": ENVELOPE,
    f"{CC}/groupchat/del_join_way": ENVELOPE,
    f"{CC}/groupchat/statistic": {"total": int, "next_offset": int, "items": [{"owner": str, "data": GROUP_NUMBERS}]},
    f"{CC}/groupchat/statistic_group_by_day": {"items": [{"stat_time": int, "data": GROUP_NUMBERS}]},
    # 10
    f"{CC}/get_follow_user_list": {"follow_user": [str]},
    f"{CC}/list": {"external_userid": [str]},
    f"{CC}/get": {"external_contact": EXTERNAL, "follow_user": [{**FOLLOW, "tags": [OWN_TAG]}], "next_cursor?": str},
    f"{CC}/batch/get_by_user": {
        "external_contact_list": [{"external_contact": EXTERNAL, "follow_info": {**FOLLOW, "tag_id": [str]}}],
        "next_cursor": str,
    },
    f"{CC}/remark": ENVELOPE,
    f"{CC}/unionid_to_external_userid": {"external_userid": str},
    "/cgi-bin/idconvert/unionid_to_external_userid": {"external_userid?": str, "pending_id?": str},
    f"{CC}/convert_to_openid": {"openid": str},
    # 11
    f"{CC}/add_contact_way": {"config_id": str, "qr_code?": str},
    f"{CC}/get_contact_way": {"contact_way": CONTACT_WAY},
    f"{CC}/list_contact_way": {"contact_way": [{"config_id": str}], "next_cursor?": str},
    f"{CC}/update_contact_way": ENVELOPE,
    f"{CC}/del_contact_way": ENVELOPE,
    f"{CC}/close_temp_chat": ENVELOPE,
    # 12
    f"{CC}/send_welcome_msg": ENVELOPE,
    f"{CC}/group_welcome_template/add": {"template_id": str},
    f"{CC}/group_welcome_template/edit": ENVELOPE,
    f"{CC}/group_welcome_template/get": {
        "text?": {"content": str},
        "image?": MEDIUM,
        "link?": MEDIUM,
        "miniprogram?": MEDIUM,
        "file?": MEDIUM,
        "video?": MEDIUM,
    },
    f"{CC}/group_welcome_template/del": ENVELOPE,
    # 13
    f"{CC}/get_corp_tag_list": {"tag_group": [TAG_GROUP]},
    f"{CC}/add_corp_tag": {"tag_group": TAG_GROUP},
    f"{CC}/edit_corp_tag": ENVELOPE,
    f"{CC}/del_corp_tag": ENVELOPE,
    f"{CC}/mark_tag": ENVELOPE,
    f"{CC}/get_strategy_tag_list": {"tag_group": [STRATEGY_GROUP], "next_cursor?": str},
    f"{CC}/add_strategy_tag": {"tag_group": STRATEGY_GROUP},
    f"{CC}/edit_strategy_tag": ENVELOPE,
    f"{CC}/del_strategy_tag": ENVELOPE,
    # 14
    f"{CC}/transfer_customer": {"customer": HANDED},
    f"{CC}/transfer_result": HANDED_RESULT,
    f"{CC}/get_unassigned_list": {
        "info": [{"handover_userid": str, "external_userid": str, "dimission_time": int}],
        "is_last": bool,
        "next_cursor?": str,
    },
    f"{CC}/resigned/transfer_customer": {"customer": HANDED},
    f"{CC}/resigned/transfer_result": HANDED_RESULT,
    # 15
    f"{CC}/add_msg_template": {"fail_list": [str], "msgid": str},
    f"{CC}/remind_groupmsg_send": ENVELOPE,
    f"{CC}/cancel_groupmsg_send": ENVELOPE,
    f"{CC}/get_groupmsg_list_v2": {
        "group_msg_list": [
            {
                "msgid": str,
                "creator?": str,
                "create_time": int,
                "create_type": int,
                "text?": {"content": str},
                "attachments": [dict],
            }
        ],
        "next_cursor": str,
    },
    f"{CC}/get_groupmsg_task": {"task_list": [{"userid": str, "status": int, "send_time?": int}], "next_cursor": str},
    f"{CC}/get_groupmsg_send_result": {"send_list": [MASS_RESULT], "next_cursor": str},
    f"{CC}/get_group_msg_result": {"check_status": int, "detail_list": [MASS_RESULT]},
    # 16
    f"{CC}/add_moment_task": {"jobid": str},
    f"{CC}/get_moment_task_result": {
        "status": int,
        "type": str,
        "result?": {
            "errcode": int,
            "errmsg": str,
            "moment_id?": str,
            "invalid_sender_list": {"user_list": [str], "department_list": [int]},
            "invalid_external_contact_list": {"tag_list": [str]},
        },
    },
    f"{CC}/cancel_moment_task": ENVELOPE,
    f"{CC}/get_moment_list": {"moment_list": [MOMENT], "next_cursor": str},
    f"{CC}/get_moment_task": {"task_list": [{"userid": str, "publish_status": int}], "next_cursor": str},
    f"{CC}/get_moment_customer_list": {"customer_list": [{"userid": str, "external_userid": str}], "next_cursor": str},
    f"{CC}/get_moment_send_result": {"customer_list": [{"external_userid": str}], "next_cursor": str},
    f"{CC}/get_moment_comments": {"comment_list": [REACTION], "like_list": [REACTION]},
    # 17
    f"{CC}/get_user_behavior_data": {"behavior_data": [BEHAVIOUR]},
    # 18
    f"{CC}/add_product_album": {"product_id": str},
    f"{CC}/get_product_album": {"product": PRODUCT},
    f"{CC}/get_product_album_list": {"product_list": [PRODUCT], "next_cursor": str},
    f"{CC}/update_product_album": ENVELOPE,
    f"{CC}/delete_product_album": ENVELOPE,
    f"{CC}/add_intercept_rule": {"rule_id": str},
    f"{CC}/get_intercept_rule_list": {"rule_list": [{"rule_id": str, "rule_name": str, "create_time": int}]},
    f"{CC}/get_intercept_rule": {"rule": RULE},
    f"{CC}/update_intercept_rule": ENVELOPE,
    f"{CC}/del_intercept_rule": ENVELOPE,
    f"{CC}/customer_acquisition/list_link": {"link_id_list": [str], "next_cursor": str},
    f"{CC}/customer_acquisition/get": {
        "link": {"link_name": str, "url": str, "create_time": int, "skip_verify": bool},
        "range": {"user_list": [str], "department_list": [int]},
    },
    f"{CC}/customer_acquisition/create_link": {"link": {"link_id": str, "link_name": str, "url": str, "create_time": int}},
    f"{CC}/customer_acquisition/update_link": ENVELOPE,
    f"{CC}/customer_acquisition/delete_link": ENVELOPE,
    f"{CC}/customer_acquisition/customer": {
        "customer_list": [{"external_userid": str, "userid": str, "chat_status": int, "state": str}],
        "next_cursor": str,
    },
    f"{CC}/customer_acquisition/statistic": {"click_link_customer_cnt": int, "new_customer_cnt": int},
    f"{CC}/customer_acquisition_quota": {"total": int, "balance": int, "quota_list": [{"expire_date": int, "balance": int}]},
    "/cgi-bin/externalpay/get_bill_list": {"bill_list": [BILL], "next_cursor": str},
    # 19
    "/cgi-bin/user/get": STAFF,
    "/cgi-bin/user/simplelist": {"userlist": [BRIEF_STAFF]},
    "/cgi-bin/user/list": {"userlist": [STAFF]},
    "/cgi-bin/user/list_id": {"dept_user": [{"userid": str, "department": int}], "next_cursor": str},
    "/cgi-bin/department/list": {"department": [DEPARTMENT]},
    "/cgi-bin/department/simplelist": {"department_id": [{"id": int, "parentid": int, "order": int}]},
    "/cgi-bin/department/get": {"department": DEPARTMENT},
    "/cgi-bin/tag/list": {"taglist": [{"tagid": int, "tagname": str}]},
    "/cgi-bin/tag/get": {"tagname": str, "userlist": [{"userid": str, "name": str}], "partylist": [int]},
    # 20
    "/cgi-bin/message/send": {
        "invaliduser": str,
        "invalidparty": str,
        "invalidtag": str,
        "unlicenseduser": str,
        "msgid": str,
        "response_code?": str,
    },
    "/cgi-bin/message/recall": ENVELOPE,
    "/cgi-bin/message/update_template_card": INVALID_USERS,
    "/cgi-bin/message/update_taskcard": INVALID_USERS,
    "/cgi-bin/appchat/create": {"chatid": str},
    "/cgi-bin/appchat/update": ENVELOPE,
    "/cgi-bin/appchat/get": {"chat_info": {"chatid": str, "name": str, "owner": str, "userlist": [str]}},
    "/cgi-bin/appchat/send": ENVELOPE,
    "/cgi-bin/webhook/send": ENVELOPE,
    "/cgi-bin/media/upload": {**UPLOADED, "created_at": str},
    "/cgi-bin/media/upload_attachment": {**UPLOADED, "created_at": int},
    "/cgi-bin/media/uploadimg": {"url": str},
    "/cgi-bin/media/get": BINARY,
    "/cgi-bin/media/get/jssdk": BINARY,
    # 21
    "/cgi-bin/auth/getuserinfo": {"userid?": str, "user_ticket?": str, "openid?": str, "external_userid?": str},
    "/cgi-bin/user/getuserinfo": {"UserId?": str, "OpenId?": str, "DeviceId": str},
    "/cgi-bin/auth/getuserdetail": {
        "userid": str,
        "gender": str,
        "avatar": str,
        "qr_code": str,
        "mobile": str,
        "email": str,
        "biz_mail": str,
        "address": str,
    },
    "/cgi-bin/get_jsapi_ticket": TICKET,
    "/cgi-bin/ticket/get": TICKET,
    # 22.5
    "/cgi-bin/msgaudit/get_permit_user_list": {"ids": [str]},
    "/cgi-bin/msgaudit/check_single_agree": {"agreeinfo": [{**AGREED, "userid": str}]},
    "/cgi-bin/msgaudit/check_room_agree": {"agreeinfo": [AGREED]},
    "/cgi-bin/msgaudit/groupchat/get": {
        "roomname": str,
        "creator": str,
        "room_create_time": int,
        "notice": str,
        "members": [{"memberid": str, "jointime": int}],
    },
    "/cgi-bin/msgaudit/get_robot_info": {"data": {"robot_id": str, "name": str, "creator_userid": str}},
}


def faults(value: Any, shape: Any, at: str = "") -> list[str]:
    """Where the value is not of that shape, in words."""
    if isinstance(shape, dict):
        return _faults_of_object(value, shape, at)
    if isinstance(shape, list):
        if not isinstance(value, list):
            return [f"{at}: a list, not {value!r}"]
        if not shape:
            return []
        return [fault for number, one in enumerate(value) for fault in faults(one, shape[0], f"{at}[{number}]")]
    fits = isinstance(value, shape) and not (shape is int and isinstance(value, bool))
    return [] if fits or (shape is float and type(value) is int) else [f"{at}: {shape.__name__}, not {value!r}"]


def _faults_of_object(value: Any, shape: dict[str, Any], at: str) -> list[str]:
    if not isinstance(value, dict):
        return [f"{at}: an object, not {value!r}"]
    known = {name.removesuffix("?"): (kind, name.endswith("?")) for name, kind in shape.items()}
    missing = [f"{at}.{name}: missing" for name, (_, optional) in known.items() if not optional and name not in value]
    unknown = [f"{at}.{name}: not in the reference" for name in value if name not in known]
    inner = [fault for name, one in value.items() if name in known for fault in faults(one, known[name][0], f"{at}.{name}")]
    return [*missing, *unknown, *inner]
