/*
 * A webcam for a machine that has none: a library for LD_PRELOAD that answers for one path as a V4L2 capture driver
 * does (linux/videodev2.h, streaming with mapped buffers), so that everything above the system calls is what runs with
 * a real one. Where drivers differ it does what uvcvideo does.
 *
 *   V4L2_DEVICE   the path; nothing needs to be there
 *   V4L2_CONTROL  a file with one word, how the device is, looked at in every call:
 *     moving       a picture each 40 ms: bars of four colours on the left, changing noise on the right
 *     frozen       always the same picture
 *     stalled      no picture
 *     damaged      the driver marks every other picture as damaged
 *     busy         another program has it
 *     unplugged    the path is gone, and what was opened before answers ENODEV for good
 *   V4L2_JPEG     a JPEG of 160x120: the device has no other format and shows this file; without it has YUYV only
 *
 * A descriptor is one of memory, so mmap, munmap, fcntl and dup need no help, and memory that was given back is gone as
 * a driver's is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/videodev2.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WIDTH = 160, HEIGHT = 120, RATE = 25, PERIOD = 1000000 / RATE, BUFFERS = 8, BUFFER_BYTES = 1 << 16 };
enum { BARS = 4, BLOCK = 8, DESCRIPTORS = 1024, POLL_NANOS = 2000000 };

/* U, Y, V in BT.601, limited range: red, green, blue, white. */
static const uint8_t COLOURS[BARS][3] = {{90, 81, 240}, {54, 145, 34}, {240, 41, 110}, {128, 235, 128}};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
/* What each descriptor is. */
static enum { OTHER, OPEN, GONE } opened[DESCRIPTORS];
static char state[16];

/* A driver lets one descriptor at a time stream; -1 for none. */
static int owner = -1;
static int streaming;
static unsigned buffers;
static int queued[BUFFERS];
static uint8_t *memory;
static int64_t due;
static uint32_t sequence;

static int refuse(int error) {
    errno = error;
    return -1;
}

/* Whole small files, past the functions that are intercepted here. */
static size_t read_file(const char *path, void *to, size_t size) {
    int fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_RDONLY | O_CLOEXEC);
    long length = syscall(SYS_read, fd, to, size);
    syscall(SYS_close, fd);
    return length < 0 ? 0 : (size_t)length;
}

static void look_at_control(void) {
    state[read_file(getenv("V4L2_CONTROL"), state, sizeof state - 1)] = 0;
}

static int is(const char *word) {
    return strcmp(state, word) == 0;
}

static const char *jpeg(void) {
    return getenv("V4L2_JPEG");
}

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * INT64_C(1000000) + time.tv_nsec / 1000;
}

/* A brightness that depends on picture and block alone: no two pictures are alike. */
static uint8_t noise(uint32_t picture, uint32_t block) {
    uint32_t hash = (picture + 1) * 2654435761u ^ block * 2246822519u;
    hash = (hash ^ hash >> 15) * 2246822519u;
    return (uint8_t)(32 + (hash >> 24) % 160);
}

static uint32_t picture(uint8_t *at, uint32_t number) {
    if (jpeg()) {
        return (uint32_t)read_file(jpeg(), at, BUFFER_BYTES);
    }
    for (unsigned y = 0; y < HEIGHT; y++) {
        for (unsigned x = 0; x < WIDTH; x += 2, at += 4) {
            const uint8_t *bar = COLOURS[x / (WIDTH / 2 / BARS) % BARS];
            int left = x < WIDTH / 2;
            at[0] = at[2] = left ? bar[1] : noise(number, y / BLOCK * WIDTH + x / BLOCK);
            at[1] = left ? bar[0] : 128;
            at[3] = left ? bar[2] : 128;
        }
    }
    return WIDTH * HEIGHT * 2;
}

static void release_buffers(void) {
    if (memory) {
        munmap(memory, BUFFERS * BUFFER_BYTES);
    }
    memory = NULL;
    owner = -1;
    streaming = 0;
    memset(queued, 0, sizeof queued);
}

static int request_buffers(int fd, struct v4l2_requestbuffers *request) {
    if (streaming || is("busy")) {
        return refuse(EBUSY);
    }
    release_buffers();
    if (ftruncate(fd, BUFFERS * BUFFER_BYTES) < 0) {
        return -1;
    }
    memory = mmap(NULL, BUFFERS * BUFFER_BYTES, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED) {
        abort();
    }
    owner = fd;
    buffers = request->count = request->count < BUFFERS ? request->count : BUFFERS;
    return 0;
}

static int queue(uint32_t index) {
    if (queued[index]) {
        return refuse(EINVAL);
    }
    queued[index] = 1;
    return 0;
}

static unsigned next_place(void) {
    unsigned place = 0;
    while (place < buffers && !queued[place]) {
        place++;
    }
    return place;
}

static int dequeue(struct v4l2_buffer *buffer) {
    int64_t time = now();
    unsigned place = next_place();
    /* A sensor waits for nobody: without a place, or not fetched for as long as all places last, a picture is lost. */
    while (due <= time && (is("stalled") || place == buffers || time - due > BUFFERS * PERIOD)) {
        due += PERIOD;
        sequence++;
    }
    if (due > time) {
        return refuse(EAGAIN);
    }
    queued[place] = 0;
    buffer->index = place;
    buffer->sequence = sequence;
    buffer->field = V4L2_FIELD_NONE;
    buffer->bytesused = picture(memory + place * BUFFER_BYTES, is("frozen") ? 0 : sequence);
    buffer->timestamp = (struct timeval){due / 1000000, due % 1000000};
    buffer->flags = V4L2_BUF_FLAG_MAPPED | V4L2_BUF_FLAG_TIMESTAMP_MONOTONIC;
    if (is("damaged") && sequence % 2) {
        buffer->flags |= V4L2_BUF_FLAG_ERROR;
    }
    due += PERIOD;
    sequence++;
    return 0;
}

static int capability(struct v4l2_capability *capability) {
    *capability = (struct v4l2_capability){
        .driver = "paseo",
        .card = "A camera of the tests",
        .bus_info = "usb-test-1",
        .device_caps = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING,
        .capabilities = V4L2_CAP_VIDEO_CAPTURE | V4L2_CAP_STREAMING | V4L2_CAP_DEVICE_CAPS};
    return 0;
}

static int input(struct v4l2_input *input) {
    if (input->index > 0) {
        return refuse(EINVAL);
    }
    *input = (struct v4l2_input){.name = "Camera 1", .type = V4L2_INPUT_TYPE_CAMERA};
    return 0;
}

/* Whatever was asked for: what there is. */
static int format(struct v4l2_pix_format *format) {
    *format = (struct v4l2_pix_format){
        .width = WIDTH,
        .height = HEIGHT,
        .pixelformat = jpeg() ? V4L2_PIX_FMT_MJPEG : V4L2_PIX_FMT_YUYV,
        .field = V4L2_FIELD_NONE,
        .bytesperline = jpeg() ? 0 : WIDTH * 2,
        .sizeimage = jpeg() ? BUFFER_BYTES : WIDTH * HEIGHT * 2,
        .colorspace = V4L2_COLORSPACE_SRGB};
    return 0;
}

static int rate(struct v4l2_captureparm *capture) {
    *capture = (struct v4l2_captureparm){.capability = V4L2_CAP_TIMEPERFRAME, .timeperframe = {1, RATE}};
    return 0;
}

/* Calls of whoever has the buffers. */
static int stream(unsigned long request, void *argument) {
    struct v4l2_buffer *buffer = argument;
    switch (request) {
        case VIDIOC_QUERYBUF:
            buffer->m.offset = buffer->index * BUFFER_BYTES;
            buffer->length = BUFFER_BYTES;
            return buffer->index < buffers ? 0 : refuse(EINVAL);
        case VIDIOC_QBUF:
            return buffer->index < buffers ? queue(buffer->index) : refuse(EINVAL);
        case VIDIOC_DQBUF:
            return streaming ? dequeue(buffer) : refuse(EINVAL);
        case VIDIOC_STREAMON:
            streaming = 1;
            due = now() + PERIOD;
            return 0;
        default:
            streaming = 0;
            memset(queued, 0, sizeof queued);
            return 0;
    }
}

static int answer(int fd, unsigned long request, void *argument) {
    switch (request) {
        case VIDIOC_QUERYCAP:
            return capability(argument);
        case VIDIOC_G_INPUT:
            *(int *)argument = 0;
            return 0;
        case VIDIOC_ENUMINPUT:
            return input(argument);
        case VIDIOC_S_FMT:
            if (streaming || is("busy")) {
                return refuse(EBUSY);
            }
            return format(&((struct v4l2_format *)argument)->fmt.pix);
        case VIDIOC_G_FMT:
        case VIDIOC_TRY_FMT:
            return format(&((struct v4l2_format *)argument)->fmt.pix);
        case VIDIOC_G_PARM:
        case VIDIOC_S_PARM:
            return rate(&((struct v4l2_streamparm *)argument)->parm.capture);
        case VIDIOC_REQBUFS:
            return request_buffers(fd, argument);
        case VIDIOC_QUERYBUF:
        case VIDIOC_QBUF:
        case VIDIOC_DQBUF:
        case VIDIOC_STREAMON:
        case VIDIOC_STREAMOFF:
            return owner == fd ? stream(request, argument) : refuse(EINVAL);
        default:
            /* A webcam has no television standards. */
            return refuse(ENOTTY);
    }
}

/* One look at the device. */
static int call(int fd, unsigned long request, void *argument) {
    pthread_mutex_lock(&lock);
    look_at_control();
    if (is("unplugged")) {
        opened[fd] = GONE;
    }
    int result = opened[fd] == GONE ? refuse(ENODEV) : answer(fd, request, argument);
    pthread_mutex_unlock(&lock);
    return result;
}

static int ours(int fd) {
    return fd >= 0 && fd < DESCRIPTORS && opened[fd] != OTHER;
}

int ioctl(int fd, unsigned long request, ...) {
    va_list arguments;
    va_start(arguments, request);
    void *argument = va_arg(arguments, void *);
    va_end(arguments);
    if (!ours(fd)) {
        return (int)syscall(SYS_ioctl, fd, request, argument);
    }
    int result = call(fd, request, argument);
    /* Without O_NONBLOCK a driver keeps whoever asks for a picture until there is one, and nothing wakes them before. */
    while (result < 0 && errno == EAGAIN && !(fcntl(fd, F_GETFL) & O_NONBLOCK)) {
        nanosleep(&(struct timespec){0, POLL_NANOS}, NULL);
        result = call(fd, request, argument);
    }
    return result;
}

static int open_device(int flags) {
    pthread_mutex_lock(&lock);
    look_at_control();
    int fd = is("unplugged") ? refuse(ENOENT) : memfd_create("v4l2-device", MFD_CLOEXEC);
    if (fd >= DESCRIPTORS) {
        abort();
    }
    if (fd >= 0) {
        opened[fd] = OPEN;
        fcntl(fd, F_SETFL, flags & O_NONBLOCK);
    }
    pthread_mutex_unlock(&lock);
    return fd;
}

int open64(const char *path, int flags, ...) {
    va_list arguments;
    va_start(arguments, flags);
    mode_t mode = flags & O_CREAT || (flags & O_TMPFILE) == O_TMPFILE ? va_arg(arguments, mode_t) : 0;
    va_end(arguments);
    return strcmp(path, getenv("V4L2_DEVICE")) == 0 ? open_device(flags)
                                                    : (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

int close(int fd) {
    if (ours(fd)) {
        pthread_mutex_lock(&lock);
        if (owner == fd) {
            release_buffers();
        }
        opened[fd] = OTHER;
        pthread_mutex_unlock(&lock);
    }
    return (int)syscall(SYS_close, fd);
}
