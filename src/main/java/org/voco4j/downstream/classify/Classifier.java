package org.voco4j.downstream.classify;

import java.io.IOException;
import java.nio.FloatBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.voco4j.augment.PatchAugmentation;
import org.voco4j.corpus.prepare.Quantised;
import org.voco4j.downstream.model.ModelFile;
import org.voco4j.downstream.model.ModelNetworks;
import org.voco4j.engine.nn.ClassificationNetwork;
import org.voco4j.engine.tensor.Device;
import org.voco4j.engine.tensor.DirectBuffer;
import org.voco4j.engine.tensor.NoGrad;
import org.voco4j.engine.tensor.Ops;
import org.voco4j.engine.tensor.Scope;
import org.voco4j.engine.tensor.Tensor;
import org.voco4j.volume.Channels;
import org.voco4j.volume.Shape3;

/**
 * A trained network that says what scans are of, prepared as in training.
 *
 * <p>May be used by several threads at once: they share the weights, which nothing changes.
 */
public final class Classifier implements AutoCloseable {
    private final ClassifierCard card;
    private final Device device;
    private final List<ClassificationNetwork> networks;

    private Classifier(ClassifierCard card, Device device, List<ClassificationNetwork> networks) {
        this.card = card;
        this.device = device;
        this.networks = networks;
    }

    /**
     * Loads a model of {@code voco finetune} on the CPU.
     *
     * @param path a run's folder, or its {@code model.safetensors}
     * @throws IOException if there is none, it is damaged, or its metadata do not say all that is needed
     */
    public static Classifier load(Path path) throws IOException {
        return load(List.of(ModelFile.read(path)), Device.CPU);
    }

    /**
     * Makes one of weights; of several files the logits are averaged, as of the folds of one data set.
     *
     * @param files at least one
     * @param device where to compute
     * @throws IOException if a file does not say what it is for, does not fit what it says, or differs from the first
     */
    public static Classifier load(List<ModelFile> files, Device device) throws IOException {
        ClassifierCard card = ModelNetworks.shared(files, ClassifierCard::of, ClassifierCard::facts);
        List<ClassificationNetwork> networks = new ArrayList<>();
        try (Scope scope = Scope.open()) {
            for (ModelFile file : files) {
                networks.add(ModelNetworks.of(
                        file,
                        card::network,
                        card.backbone().facts() + " with " + card.channels() + " channels in and "
                                + card.classes().size() + " classes",
                        device));
            }
        }
        return new Classifier(card, device, networks);
    }

    /** What the model says about itself. */
    public ClassifierCard card() {
        return card;
    }

    /**
     * The probability of each class, in the order of {@link ClassifierCard#classes}: they sum to 1 where classes exclude each
     * other.
     *
     * @param scan as stored: in Hounsfield units for CT, on any grid
     * @throws IllegalArgumentException with a sentence if it is no scan that the model can take
     */
    public double[] probabilities(Channels scan) {
        if (scan.count() != card.channels()) {
            throw new IllegalArgumentException("the model takes scans of " + card.channels()
                    + (card.channels() == 1 ? " channel" : " channels") + ", this one has " + scan.count());
        }
        Channels prepared = card.preprocessing().prepare(scan, null, 1).image();
        Channels image = Quantised.of(prepared).toChannels(); // as training had it
        CentralCrop crop = card.crop();
        Shape3 size = crop.size();
        FloatBuffer values = DirectBuffer.floats(card.channels() * size.voxels());
        crop.fill(image, crop.box(image.shape()), PatchAugmentation.View.IDENTITY, values, 0);
        try (Scope scope = Scope.open();
                NoGrad none = NoGrad.open()) {
            Tensor x = Tensor.wrap(values, 1, card.channels(), size.x(), size.y(), size.z())
                    .to(device);
            Tensor logits = Tensor.concatenate(
                            networks.stream().map(each -> each.forward(x)).toList(), 0) // [networks, K]
                    .mean(0);
            return (card.exclusive() ? Ops.softmax(logits, 0) : Ops.sigmoid(logits)).toDoubles();
        }
    }

    /** Frees the weights. */
    @Override
    public void close() {
        networks.forEach(network -> network.stateDict().values().forEach(Tensor::close));
    }
}
