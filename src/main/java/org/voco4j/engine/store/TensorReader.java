package org.voco4j.engine.store;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.zip.CRC32;
import org.voco4j.engine.tensor.DType;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;

/**
 * Reads the values of tensors from a file's storages, each storage once.
 *
 * <p>A contiguous tensor is a view of its storage's memory. Others are copied together: from the storage where several tensors
 * lie in it, else piece by piece from the file, so that a large weight in another memory order does not take its size twice.
 */
final class TensorReader {
    private final FileBytes file;
    private final Budget budget;
    private final Map<String, ByteRange> extents;
    private final Map<String, Integer> users = new HashMap<>(); // how many tensors lie in a storage
    private final Map<String, Tensor> shared =
            new HashMap<>(); // storages of several tensors, by name and number format
    private final Map<StoredTensor, Tensor> copies = new HashMap<>(); // of those that are not contiguous in them
    private final Set<StoredTensor> charged = new HashSet<>();

    TensorReader(FileBytes file, Budget budget, Map<String, ByteRange> extents, Collection<StoredTensor> tensors) {
        this.file = file;
        this.budget = budget;
        this.extents = extents;
        tensors.forEach(tensor -> users.merge(tensor.storage(), 1, Integer::sum));
    }

    Tensor read(StoredTensor tensor) throws IOException {
        if (tensor.count() == 0) {
            return Tensor.zeros(tensor.type(), tensor.shape());
        }
        ByteRange extent = Objects.requireNonNull(extents.get(tensor.storage()), tensor.storage());
        if (users.getOrDefault(tensor.storage(), 0) > 1) {
            Tensor storage = shared(tensor, extent);
            return tensor.isContiguous() ? view(storage, tensor) : copied(storage, tensor);
        }
        if (charged.add(tensor)) {
            budget.charge(tensor.isContiguous() ? extent.bytes() : tensor.bytes());
        }
        int outer = tensor.isContiguous() ? -1 : outermost(tensor);
        if (outer >= 0 && span(tensor, outer) <= tensor.strides()[outer]) {
            return gathered(tensor, extent, outer);
        }
        long transientBytes = tensor.isContiguous() ? 0 : extent.bytes();
        budget.charge(transientBytes);
        try (Scope scope = Scope.open()) {
            return scope.keep(view(whole(tensor, extent), tensor));
        } finally {
            budget.release(transientBytes);
        }
    }

    void close() {
        shared.values().forEach(Tensor::close);
        shared.clear();
        copies.values().forEach(Tensor::close);
        copies.clear();
    }

    /** A tensor of a shared storage in memory of its own, which it has once, however many names it goes by. */
    private Tensor copied(Tensor storage, StoredTensor tensor) throws IOException {
        Tensor copy = copies.get(tensor);
        if (copy == null) {
            budget.charge(tensor.bytes());
            copy = view(storage, tensor).persist();
            copies.put(tensor, copy);
        }
        return Ops.strided(copy, tensor.shape(), StoredTensor.rowMajor(tensor.shape()), 0);
    }

    /** The tensor in the memory of its storage; a copy if it is not contiguous there. */
    private static Tensor view(Tensor storage, StoredTensor tensor) {
        if (tensor.isContiguous()) {
            return Ops.strided(storage, tensor.shape(), StoredTensor.rowMajor(tensor.shape()), tensor.offset());
        }
        return Ops.strided(storage, tensor.shape(), tensor.strides(), tensor.offset())
                .copy();
    }

    private Tensor shared(StoredTensor tensor, ByteRange extent) throws IOException {
        String name = tensor.type() + " " + tensor.storage();
        Tensor storage = shared.get(name);
        if (storage == null) {
            budget.charge(extent.bytes());
            storage = whole(tensor, extent).persist();
            shared.put(name, storage);
        }
        return storage;
    }

    /** All numbers of the tensor's storage, checked. */
    private Tensor whole(StoredTensor tensor, ByteRange extent) throws IOException {
        CRC32 crc = new CRC32();
        int width = tensor.type().bytes();
        Tensor numbers = numbers(tensor.type(), extent.from(), extent.bytes() / width, crc);
        crc.update(file.at(extent.from() + extent.bytes() / width * width, (int) (extent.bytes() % width)));
        file.compare(crc, extent, "the storage " + tensor.storage());
        return numbers;
    }

    /** So many numbers from a position on. */
    private Tensor numbers(DType type, long from, long count, CRC32 crc) throws IOException {
        Tensor numbers = Tensor.zeros(type, count);
        long bytes = count * type.bytes();
        for (long at = 0; at < bytes; at += Pieces.LONGEST) {
            ByteBuffer piece = numbers.bytes(at, (int) Math.min(Pieces.LONGEST, bytes - at));
            file.read(piece, from + at);
            crc.update(piece.flip());
        }
        return numbers;
    }

    /** The dimension along which the numbers lie farthest apart; a tensor that is not contiguous has one. */
    private static int outermost(StoredTensor tensor) {
        int outer = -1;
        for (int i = 0; i < tensor.shape().length; i++) {
            if (tensor.shape()[i] > 1 && (outer < 0 || tensor.strides()[i] > tensor.strides()[outer])) {
                outer = i;
            }
        }
        return outer;
    }

    /** How many numbers of the storage one entry of a dimension spans. */
    private static long span(StoredTensor tensor, int outer) {
        long span = 1;
        for (int i = 0; i < tensor.shape().length; i++) {
            span += i == outer ? 0 : (tensor.shape()[i] - 1) * tensor.strides()[i];
        }
        return span;
    }

    /** A tensor whose entries along a dimension lie one after the other in the file, each in an order of its own. */
    private Tensor gathered(StoredTensor tensor, ByteRange extent, int outer) throws IOException {
        file.check(extent, "the storage " + tensor.storage());
        long stride = tensor.strides()[outer];
        long span = span(tensor, outer);
        int width = tensor.type().bytes();
        long most = Math.max(1, Pieces.LONGEST / (stride * width));
        Tensor result = Tensor.zeros(tensor.type(), tensor.shape());
        for (long row = 0; row < tensor.shape()[outer]; row += most) {
            try (Scope scope = Scope.open()) {
                long rows = Math.min(most, tensor.shape()[outer] - row);
                long from = extent.from() + (tensor.offset() + row * stride) * width;
                Tensor piece = numbers(tensor.type(), from, (rows - 1) * stride + span, new CRC32());
                long[] shape = tensor.shape().clone();
                shape[outer] = rows;
                result.narrow(outer, row, rows).copyInPlace(Ops.strided(piece, shape, tensor.strides(), 0));
            }
        }
        return result;
    }
}
