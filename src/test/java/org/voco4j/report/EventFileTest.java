package org.voco4j.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reads the files back with a decoder that shares nothing with the writer, its checksum included. */
final class EventFileTest {
    @TempDir
    private Path folder = Path.of("");

    @Test
    void theTestsOwnChecksumKnowsTheVectorsOfRfc3720() {
        byte[] ones = new byte[32];
        Arrays.fill(ones, (byte) 0xFF);
        assertThat(crc32c("123456789".getBytes(StandardCharsets.US_ASCII))).isEqualTo(0xE3069283);
        assertThat(crc32c(new byte[32])).isEqualTo(0x8A9136AA);
        assertThat(crc32c(ones)).isEqualTo(0x62A8AB43);
    }

    @Test
    void aFileStartsLikeEveryTensorBoardFile() throws IOException {
        Path file;
        try (EventFile events = EventFile.create(folder, 1_700_000_000.5)) {
            file = events.file();
        }
        byte[] bytes = Files.readAllBytes(file);
        // 24 bytes of data, the masked checksum of that length, then field 1 as a double.
        assertThat(HexFormat.of().formatHex(bytes, 0, 13)).isEqualTo("1800000000000000" + "a37f4b22" + "09");
        assertThat(file).hasFileName("events.out.tfevents.1700000000.voco");
        assertThat(decode(bytes)).containsExactly(new Event(1_700_000_000.5, 0, "brain.Event:2", null, 0));
    }

    @Test
    void scalarsComeBackInOrder() throws IOException {
        Path file;
        try (EventFile events = EventFile.create(folder, 10)) {
            events.append(0, 10.25, "loss/total", 0.75);
            events.append(127, 11, "loss/total", -1.5e-7);
            events.append(128, 12, "rate", Double.NaN);
            events.append(5_000_000_000L, 13, "größe", Double.NEGATIVE_INFINITY);
            events.append(Long.MAX_VALUE, 14, "t".repeat(300), 1);
            file = events.file();
        }
        List<Event> events = decode(Files.readAllBytes(file));
        assertThat(events.subList(1, events.size()))
                .containsExactly(
                        new Event(10.25, 0, null, "loss/total", 0.75f),
                        new Event(11, 127, null, "loss/total", -1.5e-7f),
                        new Event(12, 128, null, "rate", Float.NaN),
                        new Event(13, 5_000_000_000L, null, "größe", Float.NEGATIVE_INFINITY),
                        new Event(14, Long.MAX_VALUE, null, "t".repeat(300), 1));
    }

    @Test
    void flushMakesWholeRecordsVisible() throws IOException {
        try (EventFile events = EventFile.create(folder, 10)) {
            events.append(1, 11, "a", 1);
            events.append(2, 12, "a", 2);
            events.flush();
            assertThat(decode(Files.readAllBytes(events.file()))).hasSize(3);
        }
    }

    @Test
    void aNewFileReplacesTheRunsOldOneAndNothingElse() throws IOException {
        Path foreign = Files.createFile(folder.resolve("events.out.tfevents.5.host"));
        EventFile.create(folder, 10).close();
        EventFile.create(folder, 20).close();
        try (var files = Files.list(folder)) {
            assertThat(files).containsExactlyInAnyOrder(foreign, folder.resolve("events.out.tfevents.0000000020.voco"));
        }
    }

    @Test
    void whatCannotBeAnEventIsRefused() throws IOException {
        try (EventFile events = EventFile.create(folder, 10)) {
            assertThatThrownBy(() -> events.append(-1, 10, "loss", 1)).hasMessageContaining("step -1 of 'loss'");
            assertThatThrownBy(() -> events.append(1, Double.NaN, "loss", 1)).hasMessageContaining("wall time NaN");
            assertThatThrownBy(() -> events.append(1, 10, " ", 1)).hasMessageContaining("blank tag");
        }
        assertThatThrownBy(() -> EventFile.create(folder, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    private record Event(
            double wallTime,
            long step,
            @Nullable String version,
            @Nullable String tag,
            float value) {}

    private static List<Event> decode(byte[] bytes) {
        ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        List<Event> events = new ArrayList<>();
        while (in.hasRemaining()) {
            byte[] length = new byte[8];
            in.get(length);
            assertThat(in.getInt()).isEqualTo(mask(crc32c(length)));
            byte[] data = new byte
                    [(int) ByteBuffer.wrap(length)
                            .order(ByteOrder.LITTLE_ENDIAN)
                            .getLong()];
            in.get(data);
            assertThat(in.getInt()).isEqualTo(mask(crc32c(data)));
            events.add(event(ByteBuffer.wrap(data).order(ByteOrder.LITTLE_ENDIAN)));
        }
        return events;
    }

    private static Event event(ByteBuffer in) {
        double wallTime = Double.NaN;
        long step = 0;
        String version = null;
        String tag = null;
        float value = 0;
        while (in.hasRemaining()) {
            switch ((int) varint(in)) {
                case 1 << 3 | 1 -> wallTime = in.getDouble();
                case 2 << 3 -> step = varint(in);
                case 3 << 3 | 2 -> version = text(bytes(in));
                case 5 << 3 | 2 -> {
                    ByteBuffer summary = bytes(in);
                    assertThat(varint(summary)).isEqualTo(1 << 3 | 2);
                    ByteBuffer scalar = bytes(summary);
                    assertThat(summary.hasRemaining()).isFalse();
                    assertThat(varint(scalar)).isEqualTo(1 << 3 | 2);
                    tag = text(bytes(scalar));
                    assertThat(varint(scalar)).isEqualTo(2 << 3 | 5);
                    value = scalar.getFloat();
                    assertThat(scalar.hasRemaining()).isFalse();
                }
                default -> throw new AssertionError("a field that an event does not have");
            }
        }
        return new Event(wallTime, step, version, tag, value);
    }

    private static ByteBuffer bytes(ByteBuffer in) {
        int length = (int) varint(in);
        ByteBuffer part = in.slice(in.position(), length).order(ByteOrder.LITTLE_ENDIAN);
        in.position(in.position() + length);
        return part;
    }

    private static String text(ByteBuffer in) {
        return StandardCharsets.UTF_8.decode(in).toString();
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; ; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
    }

    /** Bit by bit with the reflected polynomial of Castagnoli. */
    private static int crc32c(byte[] bytes) {
        int crc = ~0;
        for (byte b : bytes) {
            crc ^= b & 0xFF;
            for (int bit = 0; bit < 8; bit++) {
                crc = (crc >>> 1) ^ ((crc & 1) * 0x82F63B78);
            }
        }
        return ~crc;
    }

    private static int mask(int crc) {
        return (int) ((((crc & 0xFFFFFFFFL) >>> 15) | ((crc & 0xFFFFFFFFL) << 17)) + 0xA282EAD8L);
    }
}
