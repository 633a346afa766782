package paseo.inference;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/**
 * A model pack of graphs small enough to be written by a test. Its detector calls every bright 8 x 8 block of pixels
 * the centre of a face 40 pixels wide; its embedder says how bright each sixteenth of the face is in each colour.
 */
final class SmallPack {
    static final int DIMENSION = 48;
    private static final float FACE = 40;
    /** ONNX's number of the type. */
    private static final int INT64 = 7;

    private final Path directory;
    private OnnxGraph detector = detector(FACE);
    private OnnxGraph landmarks = landmarks(0.3f, 0.35f, 0.7f, 0.35f, 0.5f, 0.55f, 0.35f, 0.75f, 0.65f, 0.75f);
    private OnnxGraph pose = pose(5, -3, 1);
    private OnnxGraph embedder = embedder(1);
    private String licence =
            "{\"id\":\"free\",\"name\":\"Free\",\"nonCommercial\":false,\"address\":\"https://example.org\"}";

    /** Written below {@code root/small}. */
    SmallPack(Path root) throws IOException {
        directory = Files.createDirectories(root.resolve("small"));
    }

    SmallPack detector(OnnxGraph graph) {
        detector = graph;
        return this;
    }

    SmallPack landmarks(OnnxGraph graph) {
        landmarks = graph;
        return this;
    }

    SmallPack pose(OnnxGraph graph) {
        pose = graph;
        return this;
    }

    SmallPack embedder(OnnxGraph graph) {
        embedder = graph;
        return this;
    }

    SmallPack nonCommercial() {
        licence = licence.replace("false", "true").replace("\"free\"", "\"strict\"");
        return this;
    }

    /** Writes the models and their manifest. */
    ModelPack write() throws IOException {
        String files = String.join(
                ",",
                file("detector", detector),
                file("landmarks", landmarks),
                file("pose", pose),
                file("embedder", embedder));
        String pixels = "{\"channels\":\"BGR\",\"mean\":0,\"deviation\":1}";
        String manifest = """
                {"name":"small","version":"1","description":"for tests","licence":%s,"directory":"small","files":[%s],
                "detector":{"kind":"yunet","pixels":%s,"longestSide":640,"shortestLongSide":64,"largestFace":0,
                "score":0.5,"overlap":0.3},
                "landmarks":{"pixels":%s,"size":48},"pose":{"kind":"adas"},
                "embedder":{"pixels":%s,"width":128,"height":128,
                "template":[40.39,59.08,87.38,59.08,64.03,81.98,44.73,105.56,83.64,105.56],"dimension":%d},
                "gates":{"score":0.6,"width":32,"yaw":50,"pitch":40,"breadth":0,"brightness":0,"sharpness":0,"contrast":0,"detail":0,"quality":0},
                "thresholds":{"accept":0.5,"create":0.4,"margin":0.05}}
                """.formatted(licence, files, pixels, pixels, pixels, DIMENSION);
        Path path = directory.resolve("small.json");
        Files.write(path, manifest.getBytes(StandardCharsets.UTF_8));
        return ModelPack.load(path.toString());
    }

    private String file(String role, OnnxGraph graph) throws IOException {
        byte[] model = graph.model().toByteArray();
        Files.write(directory.resolve(role + ".onnx"), model);
        return """
                {"role":"%s","path":"%s.onnx","sha256":["%s"],"licence":"Free","optional":false,
                "source":{"kind":"by-hand","note":"made by a test"}}""".formatted(role, role, ModelStore.sha256(model));
    }

    /** A picture of the shade 40 with bright blocks whose top left corners are at the given multiples of 8. */
    static BgrImage picture(int width, int height, int... corners) {
        byte[] pixels = new byte[width * height * 3];
        Arrays.fill(pixels, (byte) 40);
        for (int i = 0; i < corners.length; i += 2) {
            for (int y = 0; y < 8; y++) {
                for (int x = 0; x < 8; x++) {
                    int at = ((corners[i + 1] * 8 + y) * width + corners[i] * 8 + x) * 3;
                    pixels[at] = (byte) 250;
                    pixels[at + 1] = (byte) 240;
                    pixels[at + 2] = (byte) 230;
                }
            }
        }
        return BgrImage.of(pixels, width, height);
    }

    static OnnxGraph detector(float faceWidth) {
        OnnxGraph graph = new OnnxGraph("detector");
        graph.input("input", 1, 3, -1, -1);
        for (int stride : List.of(8, 16, 32)) {
            int weights = 3 * stride * stride;
            float[] mean = new float[weights];
            // Steep enough that only a block that is bright all over counts.
            Arrays.fill(mean, stride == 8 ? 0.2f / weights : 0);
            float[] bias = {stride == 8 ? -0.2f * 200 : -40};
            head(graph, "cls_" + stride, stride, mean, bias, true);
            head(graph, "obj_" + stride, stride, mean, bias, true);
            float log = (float) Math.log(faceWidth / stride);
            head(graph, "bbox_" + stride, stride, new float[4 * weights], new float[] {0.5f, 0.5f, log, log}, false);
            head(graph, "kps_" + stride, stride, new float[10 * weights], new float[10], false);
        }
        return graph;
    }

    /** A layer that gives each cell of {@code stride} pixels as many values as there are biases, as a list of cells. */
    private static void head(OnnxGraph graph, String name, int stride, float[] weights, float[] bias, boolean squash) {
        String kernels = graph.weights(weights, bias.length, 3, stride, stride);
        graph.op("Conv", name + "_conv", "input", kernels, graph.weights(bias, bias.length))
                .ints("kernel_shape", stride, stride)
                .ints("strides", stride, stride);
        String values = name + "_conv";
        if (squash) {
            graph.op("Sigmoid", name + "_sigmoid", values);
            values = name + "_sigmoid";
        }
        graph.op("Transpose", name + "_cells", values).ints("perm", 0, 2, 3, 1);
        graph.op("Reshape", name, name + "_cells", graph.shape(1, -1, bias.length));
        graph.output(name, 1, -1, bias.length);
    }

    /** Always the same five points, in shares of the box. */
    static OnnxGraph landmarks(float... points) {
        OnnxGraph graph = new OnnxGraph("landmarks");
        graph.input("data", -1, 3, 48, 48);
        constant(graph, "points", 48, points);
        graph.output("points", -1, 10, 1, 1);
        return graph;
    }

    /** Always the same pose. */
    static OnnxGraph pose(float yaw, float pitch, float roll) {
        OnnxGraph graph = new OnnxGraph("pose");
        graph.input("data", -1, 3, 60, 60);
        for (String angle : List.of("p", "r", "y")) {
            float degrees = angle.equals("p") ? pitch : angle.equals("r") ? roll : yaw;
            constant(graph, "angle_" + angle, 60, degrees);
            graph.op("Reshape", "out_angle_" + angle + "_fc", "angle_" + angle, graph.shape(-1, 1));
            graph.output("out_angle_" + angle + "_fc", -1, 1);
        }
        return graph;
    }

    private static void constant(OnnxGraph graph, String name, int size, float... values) {
        String kernels = graph.weights(new float[values.length * 3 * size * size], values.length, 3, size, size);
        graph.op("Conv", name, "data", kernels, graph.weights(values, values.length))
                .ints("kernel_shape", size, size);
    }

    /** Mean brightness of each sixteenth in each colour, times a factor. */
    static OnnxGraph embedder(float factor) {
        OnnxGraph graph = new OnnxGraph("embedder");
        return embedder(graph, graph.weights(new float[] {factor}, 1));
    }

    /** The same times one, but it fails on what is brighter than 240 anywhere, as a device may on anything. */
    static OnnxGraph fragileEmbedder() {
        OnnxGraph graph = new OnnxGraph("embedder");
        graph.op("ReduceMax", "brightest", "data").integer("keepdims", 0);
        graph.op("Div", "share", "brightest", graph.weights(new float[] {240}));
        graph.op("Cast", "index", "share").integer("to", INT64);
        graph.op("Gather", "one", graph.weights(new float[] {1}, 1), "index");
        return embedder(graph, "one");
    }

    private static OnnxGraph embedder(OnnxGraph graph, String factor) {
        graph.input("data", -1, 3, 128, 128);
        graph.op("AveragePool", "pooled", "data").ints("kernel_shape", 32, 32).ints("strides", 32, 32);
        graph.op("Reshape", "flat", "pooled", graph.shape(-1, DIMENSION));
        graph.op("Mul", "embedding", "flat", factor);
        graph.output("embedding", -1, DIMENSION);
        return graph;
    }
}
