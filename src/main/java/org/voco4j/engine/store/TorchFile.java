package org.voco4j.engine.store;

import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.file.AtomicFile;

/**
 * Writes files as {@code torch.save} does since PyTorch 1.6; {@code torch.load} accepts them with {@code weights_only=True} and
 * with {@code mmap=True}.
 *
 * <p>A tree is made of what {@link WeightFile} gives, with {@link Tensor}s. A map that holds tensors by name becomes an
 * {@code OrderedDict}, as a state dictionary is, other maps a {@code dict}. A tensor object that is in the tree more than once
 * is one storage. The same tree always gives the same bytes.
 */
public final class TorchFile {
    private static final String ROOT = "archive/";

    private TorchFile() {}

    /** Writes a tree, whole or not at all. */
    public static void write(Path path, @Nullable Object tree) throws IOException {
        AtomicFile.write(path, content(tree));
    }

    /**
     * A file of this tree, for whoever decides where it goes; the tensors are read when it is written.
     *
     * @throws IllegalArgumentException if something in the tree cannot be written
     */
    public static AtomicFile.Content content(@Nullable Object tree) {
        Pickler pickler = new Pickler(tree);
        StoredZip zip = new StoredZip();
        zip.add(ROOT + "data.pkl", pickler.pickle());
        zip.add(ROOT + "byteorder", text(ByteOrder.nativeOrder() == ByteOrder.LITTLE_ENDIAN ? "little" : "big"));
        List<Tensor> storages = pickler.storages();
        for (int key = 0; key < storages.size(); key++) {
            Tensor tensor = storages.get(key);
            zip.add(ROOT + "data/" + key, tensor.count() * tensor.type().bytes(), taker -> Pieces.of(tensor, taker));
        }
        zip.add(ROOT + "version", text("3\n"));
        return zip;
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
