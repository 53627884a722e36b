// SPDX-License-Identifier: Apache-2.0
/*
 * What the disk gives a program that does no more than the journal must: appends records to a file, each as length, checksum
 * and payload, and syncs after each group.
 *
 *     cc -O2 -o append append.c
 *     append FILE RECORDS SIZE GROUP
 *
 * The file must not exist; it is removed at the end. Prints "RECORDS_PER_SECOND BYTES", where BYTES is the file's size.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { HEAD = 8 };

static uint32_t table[8][256];

/* CRC32C (Castagnoli, reflected polynomial 0x82F63B78), eight bytes at a time. */
static void make_table(void)
{
    for (uint32_t i = 0; i < 256; i++) {
        uint32_t crc = i;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ 0x82F63B78u : crc >> 1;
        table[0][i] = crc;
    }
    for (uint32_t i = 0; i < 256; i++)
        for (int k = 1; k < 8; k++)
            table[k][i] = table[k - 1][i] >> 8 ^ table[0][table[k - 1][i] & 255];
}

static uint32_t checksum(const unsigned char *bytes, size_t length)
{
    uint32_t crc = ~0u;
    for (; length >= 8; bytes += 8, length -= 8) {
        uint32_t low = crc ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16
                              | (uint32_t)bytes[3] << 24);
        crc = table[7][low & 255] ^ table[6][low >> 8 & 255] ^ table[5][low >> 16 & 255] ^ table[4][low >> 24]
              ^ table[3][bytes[4]] ^ table[2][bytes[5]] ^ table[1][bytes[6]] ^ table[0][bytes[7]];
    }
    while (length--)
        crc = crc >> 8 ^ table[0][(crc ^ *bytes++) & 255];
    return ~crc;
}

static void die(const char *what)
{
    fprintf(stderr, "append: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void write_all(int file, const unsigned char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t done = write(file, bytes, length);
        if (done < 0) {
            if (errno == EINTR)
                continue;
            die("write");
        }
        bytes += done;
        length -= (size_t)done;
    }
}

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

static long number(const char *text)
{
    char *end;
    long value = strtol(text, &end, 10);
    if (*text == 0 || *end != 0 || value < 1 || value > 1000000000L) {
        fprintf(stderr, "append: '%s' is not a number from 1 to 1000000000\n", text);
        exit(2);
    }
    return value;
}

int main(int count, char **arguments)
{
    if (count != 5) {
        fputs("usage: append FILE RECORDS SIZE GROUP\n", stderr);
        return 2;
    }
    long records = number(arguments[2]);
    size_t size = (size_t)number(arguments[3]);
    long group = number(arguments[4]);
    make_table();

    size_t frame = HEAD + size;
    unsigned char *payload = malloc(size);
    unsigned char *buffer = malloc(frame * (size_t)group);
    if (payload == NULL || buffer == NULL)
        die("memory");
    for (size_t i = 0; i < size; i++)
        payload[i] = (unsigned char)(i * 31 + 7);

    int file = open(arguments[1], O_WRONLY | O_CREAT | O_EXCL, 0644);
    if (file < 0)
        die(arguments[1]);
    double began = now();
    for (long done = 0; done < records;) {
        size_t filled = 0;
        for (long i = 0; i < group && done < records; i++, done++) {
            unsigned char *at = buffer + filled;
            memcpy(payload, &done, sizeof done < size ? sizeof done : size);
            uint32_t head[2] = {(uint32_t)size, checksum(payload, size)};
            memcpy(at, head, HEAD);
            memcpy(at + HEAD, payload, size);
            filled += frame;
        }
        write_all(file, buffer, filled);
        if (fdatasync(file) != 0)
            die("fdatasync");
    }
    double took = now() - began;
    off_t bytes = lseek(file, 0, SEEK_END);
    if (close(file) != 0 || unlink(arguments[1]) != 0)
        die(arguments[1]);
    printf("%.0f %lld\n", (double)records / took, (long long)bytes);
    free(payload);
    free(buffer);
    return 0;
}
