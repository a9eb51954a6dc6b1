package org.voco4j.engine.store;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.WritableByteChannel;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collection;
import java.util.Map;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** A {@code .safetensors} file that is to be written: its header, and the tensors whose data follow it. */
final class SafetensorsContent implements AtomicFile.Content {
    private final byte[] head;
    private final Collection<Tensor> tensors;
    private final long bytes;

    SafetensorsContent(Map<String, Tensor> tensors, Map<String, String> metadata) {
        ObjectNode header = JsonMapper.shared().createObjectNode();
        if (!metadata.isEmpty()) {
            ObjectNode strings = header.putObject("__metadata__");
            metadata.forEach(strings::put);
        }
        long offset = 0;
        for (Map.Entry<String, Tensor> entry : tensors.entrySet()) {
            Tensor tensor = entry.getValue();
            long length = tensor.count() * tensor.type().bytes();
            ObjectNode node = header.putObject(entry.getKey());
            node.put("dtype", tensor.type().name());
            var shape = node.putArray("shape");
            Arrays.stream(tensor.shape()).forEach(shape::add);
            node.putArray("data_offsets").add(offset).add(offset + length);
            offset += length;
        }
        byte[] text = header.toString().getBytes(StandardCharsets.UTF_8);
        this.head = Arrays.copyOf(text, (text.length + 7) / 8 * 8); // the data begin at a multiple of 8
        Arrays.fill(head, text.length, head.length, (byte) ' ');
        this.tensors = tensors.values();
        this.bytes = 8 + head.length + offset;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        if (ByteOrder.nativeOrder() != ByteOrder.LITTLE_ENDIAN) {
            throw new IOException("weights are written on little-endian machines only");
        }
        out.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(head.length)
                .array());
        out.write(head);
        WritableByteChannel channel = Channels.newChannel(out);
        for (Tensor tensor : tensors) {
            Pieces.of(tensor, channel::write);
        }
    }

    @Override
    public long bytes() {
        return bytes;
    }
}
