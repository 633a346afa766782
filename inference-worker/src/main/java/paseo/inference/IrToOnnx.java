package paseo.inference;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.SAXException;
import paseo.inference.onnx.ModelProto;

/**
 * Converts a small convolutional network from OpenVINO's intermediate representation (versions 10 and 11, an XML graph
 * and a file of weights) to ONNX with float32 weights and a batch of any size. Only what the Open Model Zoo's face
 * models need is understood; anything else is refused. The same input gives the same bytes.
 */
final class IrToOnnx {
    private static final long ANY = -1;

    private final byte[] weights;
    private final Map<String, Element> layers = new LinkedHashMap<>();
    /** Where each input port is fed from: (layer, port) to layer. */
    private final Map<List<String>, String> feeds = new HashMap<>();

    private final Map<String, IrConstant> constants = new HashMap<>();
    private final Map<String, String> values = new HashMap<>();
    private final Set<String> converted = new HashSet<>();
    private final OnnxGraph graph;

    private IrToOnnx(Element net, byte[] weights) {
        this.weights = weights;
        this.graph = new OnnxGraph(net.getAttribute("name"));
        for (Element layer : children(child(net, "layers"), "layer")) {
            layers.put(layer.getAttribute("id"), layer);
        }
        for (Element edge : children(child(net, "edges"), "edge")) {
            feeds.put(
                    List.of(edge.getAttribute("to-layer"), edge.getAttribute("to-port")),
                    edge.getAttribute("from-layer"));
        }
    }

    /**
     * Converts a model.
     *
     * @param xml the graph
     * @param bin the weights
     * @return the model; its input is named {@code data}
     * @throws IOException if it is not such a network
     */
    static byte[] convert(byte[] xml, byte[] bin) throws IOException {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            Element net = factory.newDocumentBuilder()
                    .parse(new ByteArrayInputStream(xml))
                    .getDocumentElement();
            return new IrToOnnx(net, bin).convert().toByteArray();
        } catch (ParserConfigurationException | SAXException | RuntimeException e) {
            throw new IOException("not an OpenVINO network that can be converted: " + e.getMessage(), e);
        }
    }

    private ModelProto convert() {
        layers.keySet().forEach(this::convert);
        return graph.model();
    }

    /** Inputs first; the order of the file decides the rest. */
    private void convert(String id) {
        if (!converted.add(id)) {
            return;
        }
        Layer layer = new Layer(id);
        layer.inputs().forEach(this::convert);
        switch (layer.type()) {
            case "Parameter" -> parameter(layer);
            case "Const" -> constants.put(id, constant(layer));
            case "Convert" -> constants.put(id, layer.constant(0));
            case "Add" -> layer.node("Add", layer.value(0), layer.value(1));
            case "Multiply" -> layer.node("Mul", layer.value(0), layer.value(1));
            case "ReLU" -> layer.node("Relu", layer.value(0));
            case "Sigmoid" -> layer.node("Sigmoid", layer.value(0));
            case "PReLU" -> layer.node("PRelu", layer.value(0), slope(layer));
            case "Convolution" -> convolution(layer, layer.constant(1), 1);
            case "GroupConvolution" -> groupConvolution(layer);
            case "AvgPool", "MaxPool" -> pool(layer);
            case "Reshape" -> reshape(layer);
            case "MatMul" -> matMul(layer);
            case "Result" -> result(layer);
            default -> throw new IllegalArgumentException("layer type " + layer.type() + " is not supported");
        }
    }

    private void parameter(Layer layer) {
        graph.input("data", batched(layer.outputShape()));
        values.put(layer.id, "data");
    }

    private IrConstant constant(Layer layer) {
        int offset = Integer.parseInt(layer.data("offset"));
        int size = Integer.parseInt(layer.data("size"));
        ByteBuffer bytes = ByteBuffer.wrap(weights, offset, size).slice().order(ByteOrder.LITTLE_ENDIAN);
        long[] shape = longs(layer.data("shape"));
        return switch (layer.data("element_type")) {
            case "f16" -> IrConstant.ofHalves(bytes.asShortBuffer(), shape);
            case "f32" -> IrConstant.ofFloats(bytes.asFloatBuffer(), shape);
            case "i64" -> IrConstant.ofLongs(bytes.asLongBuffer(), shape);
            default -> throw new IllegalArgumentException("constants of " + layer.data("element_type"));
        };
    }

    private String slope(Layer layer) {
        IrConstant slopes = layer.constant(1);
        long[] shape = new long[Math.max(1, layer.inputRank(0) - 1)];
        Arrays.fill(shape, 1);
        shape[0] = slopes.values().length;
        return graph.weights(slopes.values(), shape);
    }

    private void groupConvolution(Layer layer) {
        IrConstant kernels = layer.constant(1);
        long[] shape = kernels.shape();
        long[] merged = Arrays.copyOfRange(shape, 1, shape.length);
        merged[0] *= shape[0];
        convolution(layer, new IrConstant(kernels.values(), merged), shape[0]);
    }

    private void convolution(Layer layer, IrConstant kernels, long groups) {
        layer.requireExplicitPadding();
        String weight = graph.weights(kernels.values(), kernels.shape());
        layer.node("Conv", layer.value(0), weight)
                .ints("dilations", longs(layer.data("dilations")))
                .integer("group", groups)
                .ints("kernel_shape", Arrays.copyOfRange(kernels.shape(), 2, kernels.shape().length))
                .ints("pads", layer.pads())
                .ints("strides", longs(layer.data("strides")));
    }

    private void pool(Layer layer) {
        layer.requireExplicitPadding();
        boolean average = layer.type().equals("AvgPool");
        OnnxGraph.Op op = layer.node(average ? "AveragePool" : "MaxPool", layer.value(0))
                .integer("ceil_mode", layer.data("rounding_type").equals("ceil") ? 1 : 0);
        if (average) {
            op.integer("count_include_pad", layer.data("exclude-pad").equals("true") ? 0 : 1);
        }
        op.ints("kernel_shape", longs(layer.data("kernel")))
                .ints("pads", layer.pads())
                .ints("strides", longs(layer.data("strides")));
    }

    private void reshape(Layer layer) {
        layer.node("Reshape", layer.value(0), graph.shape(batched(layer.outputShape())));
    }

    private void matMul(Layer layer) {
        if (layer.data("transpose_a").equalsIgnoreCase("true")) {
            throw new IllegalArgumentException("MatMul with a transposed input");
        }
        IrConstant matrix = layer.constant(1);
        if (layer.data("transpose_b").equalsIgnoreCase("true")) {
            matrix = matrix.transposed();
        }
        layer.node("MatMul", layer.value(0), graph.weights(matrix.values(), matrix.shape()));
    }

    private void result(Layer layer) {
        Layer source = new Layer(layer.inputs().get(0));
        String name = "out_" + source.name().replace('/', '_');
        graph.op("Identity", name, layer.value(0));
        graph.output(name, batched(source.outputShape()));
    }

    private static long[] batched(long[] shape) {
        long[] any = shape.clone();
        any[0] = ANY;
        return any;
    }

    private static long[] longs(String list) {
        return list.isEmpty()
                ? new long[0]
                : Arrays.stream(list.split(","))
                        .map(String::strip)
                        .mapToLong(Long::parseLong)
                        .toArray();
    }

    private static Element child(Element parent, String name) {
        List<Element> found = children(parent, name);
        if (found.isEmpty()) {
            throw new IllegalArgumentException("<" + parent.getTagName() + "> lacks <" + name + ">");
        }
        return found.get(0);
    }

    private static List<Element> children(Element parent, String name) {
        List<Element> found = new ArrayList<>();
        for (Node node = parent.getFirstChild(); node != null; node = node.getNextSibling()) {
            if (node instanceof Element element && element.getTagName().equals(name)) {
                found.add(element);
            }
        }
        return found;
    }

    /** A layer of the network, read on demand. */
    private final class Layer {
        private final String id;
        private final Element element;

        Layer(String id) {
            this.id = id;
            Element found = layers.get(id);
            if (found == null) {
                throw new IllegalArgumentException("there is no layer " + id);
            }
            this.element = found;
        }

        String type() {
            return element.getAttribute("type");
        }

        String name() {
            return element.getAttribute("name");
        }

        /** An attribute of the layer's data, empty where it has none. */
        String data(String attribute) {
            List<Element> data = children(element, "data");
            return data.isEmpty() ? "" : data.get(0).getAttribute(attribute);
        }

        List<String> inputs() {
            List<Element> lists = children(element, "input");
            if (lists.isEmpty()) {
                return List.of();
            }
            return children(lists.get(0), "port").stream()
                    .map(port -> {
                        String source = feeds.get(List.of(id, port.getAttribute("id")));
                        if (source == null) {
                            throw new IllegalArgumentException("nothing feeds layer " + name());
                        }
                        return source;
                    })
                    .toList();
        }

        int inputRank(int number) {
            return new Layer(inputs().get(number)).outputShape().length;
        }

        long[] outputShape() {
            Element port = child(child(element, "output"), "port");
            return children(port, "dim").stream()
                    .mapToLong(dimension ->
                            Long.parseLong(dimension.getTextContent().strip()))
                    .toArray();
        }

        IrConstant constant(int number) {
            IrConstant constant = constants.get(inputs().get(number));
            if (constant == null) {
                throw new IllegalArgumentException("input " + number + " of layer " + name() + " is not constant");
            }
            return constant;
        }

        /** Name of an input in the ONNX graph. */
        String value(int number) {
            String source = inputs().get(number);
            String value = values.get(source);
            if (value != null) {
                return value;
            }
            IrConstant constant = constant(number);
            return graph.weights(constant.values(), constant.shape());
        }

        OnnxGraph.Op node(String type, String... inputs) {
            String output = "v" + id;
            values.put(id, output);
            return graph.op(type, output, inputs);
        }

        long[] pads() {
            long[] begin = longs(data("pads_begin"));
            long[] end = longs(data("pads_end"));
            long[] pads = Arrays.copyOf(begin, begin.length + end.length);
            System.arraycopy(end, 0, pads, begin.length, end.length);
            return pads;
        }

        void requireExplicitPadding() {
            String padding = data("auto_pad");
            if (!Set.of("", "explicit", "notset", "valid").contains(padding)) {
                throw new IllegalArgumentException("padding " + padding);
            }
        }
    }
}
