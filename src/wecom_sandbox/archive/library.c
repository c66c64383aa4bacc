/*
 * A stand-in for the vendor's conversation archive library: the same C functions, asking the sandbox instead of the vendor.
 *
 * Built with:  cc -O2 -fPIC -shared -o libwework_sandbox.so library.c
 * Where the sandbox is: environment variable WEWORK_SANDBOX, such as http://127.0.0.1:8700 (read by every Init).
 *
 * What the sandbox answers begins with a line of its own: "<return code> <1 if finished> <next index, or ->\n".
 * DecryptData is done here: our own inner step (see inner.py), as the vendor's is not told.
 */

#include <netdb.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/types.h>
#include <unistd.h>

enum {
    OK = 0,
    BAD_PARAMETER = 10000,
    BAD_NETWORK = 10001,
    BAD_PARSE = 10002,
    BAD_SYSTEM = 10003,
    BAD_DECRYPT = 10006,
    BAD_KEY = 10008
};

typedef struct Slice_t {
    char *buf;
    int len;
} Slice_t;

typedef struct MediaData {
    char *outindexbuf;
    int out_len;
    char *data;
    int data_len;
    int is_finish;
} MediaData_t;

typedef struct WeWorkFinanceSdk_t {
    char host[256];
    char port[16];
    char *corpid;
    char *secret;
} WeWorkFinanceSdk_t;

typedef struct Bytes {
    char *at;
    size_t length;
    size_t room;
} Bytes;

/* Bytes that grow */

static int grow(Bytes *bytes, size_t more)
{
    if (bytes->length + more <= bytes->room)
        return 1;
    size_t room = (bytes->length + more) * 2 + 4096;
    char *at = realloc(bytes->at, room);
    if (at == NULL)
        return 0;
    bytes->at = at;
    bytes->room = room;
    return 1;
}

static char *copy_of(const char *from, size_t length)
{
    char *to = malloc(length + 1);
    if (to != NULL) {
        memcpy(to, from, length);
        to[length] = 0;
    }
    return to;
}

/* HTTP: one question, one connection */

static int connected(const WeWorkFinanceSdk_t *sdk, int timeout)
{
    struct addrinfo wish, *found, *one;
    struct timeval patience = {timeout > 0 ? timeout : 10, 0};
    int line = -1;
    memset(&wish, 0, sizeof wish);
    wish.ai_socktype = SOCK_STREAM;
    if (getaddrinfo(sdk->host, sdk->port, &wish, &found) != 0)
        return -1;
    for (one = found; one != NULL && line < 0; one = one->ai_next) {
        line = socket(one->ai_family, one->ai_socktype, one->ai_protocol);
        if (line < 0)
            continue;
        setsockopt(line, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
        setsockopt(line, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        if (connect(line, one->ai_addr, one->ai_addrlen) != 0) {
            close(line);
            line = -1;
        }
    }
    freeaddrinfo(found);
    return line;
}

static int sent(int line, const char *text, size_t length)
{
    while (length > 0) {
        ssize_t went = send(line, text, length, MSG_NOSIGNAL);
        if (went <= 0)
            return 0;
        text += went;
        length -= (size_t)went;
    }
    return 1;
}

static int received(int line, Bytes *all)
{
    for (;;) {
        if (!grow(all, 65536))
            return 0;
        ssize_t came = recv(line, all->at + all->length, 65535, 0);
        if (came < 0)
            return 0;
        if (came == 0)
            break;
        all->length += (size_t)came;
    }
    all->at[all->length] = 0;
    return 1;
}

/* Where the body begins; NULL unless it is a whole answer with status 200. */
static const char *body_of(const Bytes *all, size_t *length)
{
    const char *end = strstr(all->at, "\r\n\r\n");
    const char *at = all->at;
    size_t said = 0;
    int told = 0;
    if (end == NULL || strncmp(all->at, "HTTP/1.1 200", 12) != 0)
        return NULL;
    while (at != NULL && at < end) {
        at += 2;
        if (strncasecmp(at, "Content-Length:", 15) == 0) {
            said = strtoull(at + 15, NULL, 10);
            told = 1;
        }
        at = strstr(at, "\r\n");
    }
    *length = all->length - (size_t)(end + 4 - all->at);
    if (!told || *length != said)
        return NULL;
    return end + 4;
}

/* The body behind our own first line; what the line says goes to code, finished and next. */
static int asked(const WeWorkFinanceSdk_t *sdk, const char *path, int timeout, Bytes *all, const char **rest, size_t *length,
                 int *finished, char next[128])
{
    size_t room = strlen(path) + strlen(sdk->host) + strlen(sdk->corpid) + strlen(sdk->secret) + 256;
    char *question = malloc(room);
    int code = BAD_SYSTEM, line;
    const char *body, *eol;
    if (question == NULL)
        return BAD_SYSTEM;
    snprintf(question, room, "GET %s HTTP/1.1\r\nHost: %s:%s\r\nX-Corpid: %s\r\nX-Secret: %s\r\nConnection: close\r\n\r\n", path,
             sdk->host, sdk->port, sdk->corpid, sdk->secret);
    line = connected(sdk, timeout);
    if (line < 0 || !sent(line, question, strlen(question)) || !received(line, all)) {
        free(question);
        if (line >= 0)
            close(line);
        return BAD_NETWORK;
    }
    free(question);
    close(line);
    body = body_of(all, length);
    if (body == NULL)
        return all->length == 0 ? BAD_NETWORK : BAD_PARSE;
    eol = memchr(body, '\n', *length);
    if (eol == NULL || sscanf(body, "%d %d %127s", &code, finished, next) != 3)
        return BAD_PARSE;
    *length -= (size_t)(eol + 1 - body);
    *rest = eol + 1;
    return code;
}

/* An id goes into a path: everything but letters, digits, - _ . ~ in hex. */
static char *quoted(const char *text)
{
    char *out = malloc(strlen(text) * 3 + 1), *at = out;
    if (out == NULL)
        return NULL;
    for (; *text; text++) {
        unsigned char c = (unsigned char)*text;
        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || strchr("-_.~", c) != NULL)
            *at++ = (char)c;
        else
            at += sprintf(at, "%%%02X", c);
    }
    *at = 0;
    return out;
}

/* ChaCha20 and base64: the inner step */

static uint32_t turned(uint32_t word, int by) { return (word << by) | (word >> (32 - by)); }

static uint32_t word_at(const unsigned char *at)
{
    return (uint32_t)at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void quarter(uint32_t s[16], int a, int b, int c, int d)
{
    s[a] += s[b]; s[d] = turned(s[d] ^ s[a], 16);
    s[c] += s[d]; s[b] = turned(s[b] ^ s[c], 12);
    s[a] += s[b]; s[d] = turned(s[d] ^ s[a], 8);
    s[c] += s[d]; s[b] = turned(s[b] ^ s[c], 7);
}

static void block(const uint32_t state[16], unsigned char out[64])
{
    uint32_t s[16];
    memcpy(s, state, sizeof s);
    for (int round = 0; round < 10; round++) {
        quarter(s, 0, 4, 8, 12); quarter(s, 1, 5, 9, 13); quarter(s, 2, 6, 10, 14); quarter(s, 3, 7, 11, 15);
        quarter(s, 0, 5, 10, 15); quarter(s, 1, 6, 11, 12); quarter(s, 2, 7, 8, 13); quarter(s, 3, 4, 9, 14);
    }
    for (int i = 0; i < 16; i++) {
        uint32_t word = s[i] + state[i];
        for (int j = 0; j < 4; j++)
            out[4 * i + j] = (unsigned char)(word >> (8 * j));
    }
}

static void unlocked(const unsigned char key[32], const unsigned char start[16], unsigned char *data, size_t length)
{
    static const unsigned char words[17] = "expand 32-byte k";
    uint32_t state[16];
    unsigned char pad[64];
    for (int i = 0; i < 4; i++)
        state[i] = word_at(words + 4 * i);
    for (int i = 0; i < 8; i++)
        state[4 + i] = word_at(key + 4 * i);
    for (int i = 0; i < 4; i++)
        state[12 + i] = word_at(start + 4 * i);
    for (size_t at = 0; at < length; at += 64, state[12]++) {
        block(state, pad);
        for (size_t i = 0; i < 64 && at + i < length; i++)
            data[at + i] ^= pad[i];
    }
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

static int key_from(const char *text, unsigned char key[32])
{
    if (strlen(text) != 64)
        return 0;
    for (int i = 0; i < 32; i++) {
        int high = hex_digit(text[2 * i]), low = hex_digit(text[2 * i + 1]);
        if (high < 0 || low < 0)
            return 0;
        key[i] = (unsigned char)(high << 4 | low);
    }
    return 1;
}

static int base64_value(char c)
{
    if (c >= 'A' && c <= 'Z') return c - 'A';
    if (c >= 'a' && c <= 'z') return c - 'a' + 26;
    if (c >= '0' && c <= '9') return c - '0' + 52;
    if (c == '+') return 62;
    if (c == '/') return 63;
    return -1;
}

static unsigned char *from_base64(const char *text, size_t *length)
{
    size_t given = strlen(text), made = 0;
    unsigned char *out = malloc(given / 4 * 3 + 4);
    uint32_t bits = 0;
    int have = 0;
    if (out == NULL)
        return NULL;
    for (size_t i = 0; i < given && text[i] != '='; i++) {
        int value = base64_value(text[i]);
        if (value < 0) {
            free(out);
            return NULL;
        }
        bits = bits << 6 | (uint32_t)value;
        have += 6;
        if (have >= 8) {
            have -= 8;
            out[made++] = (unsigned char)(bits >> have);
        }
    }
    *length = made;
    return out;
}

/* The vendor's functions */

WeWorkFinanceSdk_t *NewSdk(void) { return calloc(1, sizeof(WeWorkFinanceSdk_t)); }

void DestroySdk(WeWorkFinanceSdk_t *sdk)
{
    if (sdk == NULL)
        return;
    free(sdk->corpid);
    free(sdk->secret);
    free(sdk);
}

static int clean(const char *text)
{
    if (text == NULL || *text == 0)
        return 0;
    for (; *text; text++)
        if ((unsigned char)*text <= 32)
            return 0;
    return 1;
}

int Init(WeWorkFinanceSdk_t *sdk, const char *corpid, const char *secret)
{
    const char *address = getenv("WEWORK_SANDBOX");
    if (sdk == NULL || !clean(corpid) || !clean(secret))
        return BAD_PARAMETER;
    if (address == NULL || sscanf(address, "http://%255[^:/]:%15[0-9]", sdk->host, sdk->port) != 2)
        return BAD_NETWORK;
    free(sdk->corpid);
    free(sdk->secret);
    sdk->corpid = copy_of(corpid, strlen(corpid));
    sdk->secret = copy_of(secret, strlen(secret));
    return sdk->corpid != NULL && sdk->secret != NULL ? OK : BAD_SYSTEM;
}

int GetChatData(WeWorkFinanceSdk_t *sdk, unsigned long long seq, unsigned int limit, const char *proxy, const char *passwd,
                int timeout, Slice_t *out)
{
    char path[128], next[128];
    Bytes all = {0};
    const char *rest = NULL;
    size_t length = 0;
    int finished, code;
    (void)proxy;
    (void)passwd;
    if (sdk == NULL || sdk->corpid == NULL || out == NULL || limit == 0 || limit > 1000)
        return BAD_PARAMETER;
    snprintf(path, sizeof path, "/sandbox/archive/chatdata?seq=%llu&limit=%u", seq, limit);
    code = asked(sdk, path, timeout, &all, &rest, &length, &finished, next);
    if (code == OK) {
        free(out->buf);
        out->buf = copy_of(rest, length);
        out->len = (int)length;
        if (out->buf == NULL)
            code = BAD_SYSTEM;
    }
    free(all.at);
    return code;
}

int DecryptData(const char *encrypt_key, const char *encrypt_msg, Slice_t *out)
{
    unsigned char key[32], *raw;
    size_t length = 0;
    int code = OK;
    if (encrypt_key == NULL || encrypt_msg == NULL || out == NULL)
        return BAD_PARAMETER;
    if (!key_from(encrypt_key, key))
        return BAD_KEY;
    raw = from_base64(encrypt_msg, &length);
    if (raw == NULL)
        return BAD_DECRYPT;
    if (length > 20) {
        unlocked(key, raw, raw + 16, length - 16);
        if (memcmp(raw + 16, "SBX1", 4) != 0)
            code = BAD_DECRYPT;
    } else
        code = BAD_DECRYPT;
    if (code == OK) {
        free(out->buf);
        out->buf = copy_of((char *)raw + 20, length - 20);
        out->len = (int)(length - 20);
        if (out->buf == NULL)
            code = BAD_SYSTEM;
    }
    free(raw);
    return code;
}

int GetMediaData(WeWorkFinanceSdk_t *sdk, const char *indexbuf, const char *sdkfileid, const char *proxy, const char *passwd,
                 int timeout, MediaData_t *out)
{
    char next[128], *path, *id, *index;
    Bytes all = {0};
    const char *rest = NULL;
    size_t length = 0, room;
    int finished = 0, code;
    (void)proxy;
    (void)passwd;
    if (sdk == NULL || sdk->corpid == NULL || sdkfileid == NULL || *sdkfileid == 0 || out == NULL)
        return BAD_PARAMETER;
    id = quoted(sdkfileid);
    index = quoted(indexbuf == NULL ? "" : indexbuf);
    room = (id && index) ? strlen(id) + strlen(index) + 64 : 0;
    path = room ? malloc(room) : NULL;
    if (path == NULL) {
        free(id);
        free(index);
        return BAD_SYSTEM;
    }
    snprintf(path, room, "/sandbox/archive/media?sdkfileid=%s&index=%s", id, index);
    code = asked(sdk, path, timeout, &all, &rest, &length, &finished, next);
    if (code == OK) {
        int more = strcmp(next, "-") != 0;
        free(out->data);
        free(out->outindexbuf);
        out->data = copy_of(rest, length);
        out->data_len = (int)length;
        out->outindexbuf = copy_of(more ? next : "", more ? strlen(next) : 0);
        out->out_len = more ? (int)strlen(next) : 0;
        out->is_finish = finished;
        if (out->data == NULL || out->outindexbuf == NULL)
            code = BAD_SYSTEM;
    }
    free(all.at);
    free(path);
    free(id);
    free(index);
    return code;
}

Slice_t *NewSlice(void) { return calloc(1, sizeof(Slice_t)); }

void FreeSlice(Slice_t *slice)
{
    if (slice == NULL)
        return;
    free(slice->buf);
    free(slice);
}

char *GetContentFromSlice(Slice_t *slice) { return slice->buf; }
int GetSliceLen(Slice_t *slice) { return slice->len; }

MediaData_t *NewMediaData(void) { return calloc(1, sizeof(MediaData_t)); }

void FreeMediaData(MediaData_t *media)
{
    if (media == NULL)
        return;
    free(media->outindexbuf);
    free(media->data);
    free(media);
}

char *GetOutIndexBuf(MediaData_t *media) { return media->outindexbuf; }
char *GetData(MediaData_t *media) { return media->data; }
int GetIndexLen(MediaData_t *media) { return media->out_len; }
int GetDataLen(MediaData_t *media) { return media->data_len; }
int IsMediaDataFinish(MediaData_t *media) { return media->is_finish; }
