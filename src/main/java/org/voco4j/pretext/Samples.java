package org.voco4j.pretext;

import java.nio.FloatBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.voco4j.augment.Draws;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Volume;

/** Room for samples of a task, in direct buffers that may be used again: the blocks [count, …] by name. */
public final class Samples {
    private final PretextTask task;
    private final int count;
    private final Map<String, FloatBuffer> blocks = new LinkedHashMap<>();

    /** Room for so many samples. */
    public Samples(PretextTask task, int count) {
        this.task = task;
        this.count = count;
        task.blocks().forEach(block -> blocks.put(block.name(), DirectBuffer.floats(count * block.values())));
    }

    /** A block of all samples. */
    public FloatBuffer block(String name) {
        return Objects.requireNonNull(blocks.get(name), name);
    }

    /** Draws and fills one sample, without libtorch. */
    public void fill(int sample, List<Volume> scans, Draws draws) {
        for (PretextTask.Block block : task.blocks()) {
            block(block.name()).position(Math.toIntExact(sample * block.values()));
        }
        task.sample(scans, new PretextTask.Sample() {
            @Override
            public FloatBuffer block(String name) {
                return Samples.this.block(name);
            }

            @Override
            public Draws draws() {
                return draws;
            }
        });
    }

    /** The blocks as tensors on a device. */
    public Map<String, Tensor> tensors(Device device) {
        Map<String, Tensor> tensors = new LinkedHashMap<>();
        for (PretextTask.Block block : task.blocks()) {
            long[] shape = LongStream.concat(
                            LongStream.of(count), block.shape().stream().mapToLong(Long::longValue))
                    .toArray();
            tensors.put(block.name(), Tensor.wrap(block(block.name()), shape).to(device));
        }
        return tensors;
    }
}
