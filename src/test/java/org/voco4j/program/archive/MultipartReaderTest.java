package org.voco4j.program.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultipartReaderTest {
    private static final String TYPE = "multipart/related; type=\"application/dicom\"; boundary=cut";

    /** Hands out few bytes at a time, as a network does. */
    private static InputStream trickle(byte[] bytes, int most) {
        return new ByteArrayInputStream(bytes) {
            @Override
            public synchronized int read(byte[] to, int at, int length) {
                return super.read(to, at, Math.min(length, most));
            }
        };
    }

    private static List<byte[]> parts(byte[] body, int most) throws IOException {
        MultipartReader reader = new MultipartReader(trickle(body, most), TYPE, "x");
        List<byte[]> parts = new ArrayList<>();
        while (reader.next()) {
            ByteArrayOutputStream part = new ByteArrayOutputStream();
            assertThat(reader.copy(part, Long.MAX_VALUE)).isEqualTo(part.size());
            parts.add(part.toByteArray());
        }
        return parts;
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /** Whatever a part holds, beginnings of boundaries too, and wherever the network cuts it. */
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 7, 1000, 1 << 20})
    void partsComeAsTheyWere(int most) throws IOException {
        Random random = new Random(5);
        byte[] noise = new byte[200_000];
        random.nextBytes(noise);
        List<byte[]> sent = List.of(noise, ascii(""), ascii("\r\n--cu\r\n--cu\r\r\n--\r\n\r\n-"), ascii("a\r\n"));
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(ascii("a preamble\r\n"));
        for (byte[] part : sent) {
            body.writeBytes(ascii("--cut \t\r\nContent-Type: application/dicom\r\nContent-Length: 3\r\n\r\n"));
            body.writeBytes(part);
            body.writeBytes(ascii("\r\n"));
        }
        body.writeBytes(ascii("--cut--\r\nan epilogue"));
        assertThat(parts(body.toByteArray(), most))
                .usingElementComparator(Arrays::compare)
                .containsExactlyElementsOf(sent);
    }

    @Test
    void aPartMayHaveNoHeadersAndTheBodyEndWithItsBoundary() throws IOException {
        assertThat(parts(ascii("--cut\r\n\r\nx\r\n--cut--"), 3)).containsExactly(ascii("x"));
    }

    /** Cut at any byte before the last boundary is whole, a body is a broken one. */
    @Test
    void whatEndsEarlyIsBroken() {
        String whole = "--cut\r\nA: b\r\n\r\nx\r\n--cut--";
        for (int length = 0; length < whole.length(); length++) {
            byte[] cut = ascii(whole.substring(0, length));
            assertThatThrownBy(() -> parts(cut, 4))
                    .isInstanceOfSatisfying(
                            ArchiveFailure.class,
                            failure -> assertThat(failure.isPassing()).isTrue())
                    .hasMessage("x: the answer ends before its last boundary");
        }
    }

    @Test
    void aPartIsBoundedAndSoIsWhatStandsAround() throws IOException {
        MultipartReader reader = new MultipartReader(trickle(ascii("--cut\r\n\r\n12345\r\n--cut--"), 9), TYPE, "x");
        assertThat(reader.next()).isTrue();
        assertThatThrownBy(() -> reader.copy(new ByteArrayOutputStream(), 4))
                .hasMessage("x: the answer has a part of more than 4 bytes");
        byte[] zeros = new byte[1 << 20];
        assertThatThrownBy(() -> parts(zeros, 1 << 16)).hasMessageContaining("more than 16,384 bytes");
        byte[] header = ascii("--cut\r\n" + "a".repeat(1 << 20));
        assertThatThrownBy(() -> parts(header, 1 << 16))
                .hasMessage("x: the answer has a part whose headers do not end");
        byte[] headers = ascii("--cut\r\n" + "a: b\r\n".repeat(1000));
        assertThatThrownBy(() -> parts(headers, 1 << 16))
                .hasMessage("x: the answer has a part with more than 100 headers");
        byte[] longer = ascii("--cutter\r\n\r\nx\r\n--cut--");
        assertThatThrownBy(() -> parts(longer, 1 << 16))
                .hasMessage("x: the answer ends no part and begins none after a boundary");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "application/dicom",
                "multipart/related",
                "multipart/related; boundary=",
                "text/html; boundary=a"
            })
    void otherTypesAreRefused(String type) {
        assertThatThrownBy(() -> new MultipartReader(InputStream.nullInputStream(), type, "x"))
                .isInstanceOfSatisfying(
                        ArchiveFailure.class,
                        failure -> assertThat(failure.isPassing()).isFalse())
                .hasMessageStartingWith("x: expected multipart/related with a boundary, found ");
    }
}
