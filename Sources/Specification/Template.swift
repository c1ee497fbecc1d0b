extension Specification {
  /// A commented description to start from, which is itself a valid study.
  public static let template = """
    # A study for Orrery: what a network, its data and its optimizer are.
    #   orrery check mine.yaml       the resolved description, and what it will cost
    #   orrery forecast mine.yaml    what theory says before anything is trained
    #   orrery confront mine.yaml    the forecast beside real networks
    orrery: 1                        # the version of this grammar
    seed: 7                          # every draw is a function of it
    precision: float32               # float16, bfloat16, float32 or float64

    network:
      mlp:
        depth: 5                     # hidden layers; the network has L = depth + 1 dense layers
        width: 64                    # neurons of each hidden layer; a list gives each its own, as in [64, 32]
        activation: tanh             # relu, gelu, silu, tanh, erf, ...; or { leaky-relu: { slope: 0.2 } }
        outputs: 1
      # Instead of mlp, any network (`orrery check` says what theory covers of it; train and measure take all):
      # layers:
      #   - convolution: { units: 16, kernel: 3 }
      #   - activation: relu
      #   - residual: [layer-norm, { dense: { units: 16 } }]
      #   - flatten
      #   - dense: { units: 1 }
      # critical; a name: he, glorot, lecun, pytorch-linear (or nn.Linear), keras-dense, flax-dense; numbers for all
      # layers: { weight-variance: 1.3, bias-variance: 0.1 } (fan-in Var W, and Var b); or a list of these, one each.
      init: critical
      parametrization: ntk           # or standard

    data:
      name: digits                   # orrery data list; or files: { inputs: X.npy, labels: y.npy }
      classes: [0, 1]
      train: 64
      test: 200
      normalize: sphere              # none; sphere: every |x|^2 = n_0; standard: every feature mean 0, variance 1
      targets: plus-minus-one        # one-hot, centred, none

    optimizer:
      # or gradient-descent: { steps: 500 }, sgd: { momentum: 0.9 }, adamw, rmsprop, lion, muon, gradient-flow: { time: 10 }
      adam:
        learning-rate: 0.001         # auto: theory's, for gradient-descent and sgd without momentum
        epsilon: 1.0e-8
        batch: 64                    # samples without replacement; full; { size: 64, replacement: true }
        # schedule: { cosine: { warm-up: 100, final: 0.1 } }   constant, linear, warmup-stable-decay, power, table
        # weight-decay: { decoupled: 0.1, of: weights }
        # clip: { global: 1 }        per-tensor, value
        # multipliers: { W1: 2, readout: 0.5 }
      loss: { mse: { reduction: mean, half: true } }   # or cross-entropy; with targets plus-minus-one logistic, hinge

    ensemble:
      networks: 2000                 # real networks that orrery confront draws
      chain: 1000000                 # networks of the exact Gram-matrix chain
      inputs: 3                      # how many inputs are followed through them
      widths: [8, 16, 32, 64, 128]   # for the figures against width
      trained: 200                   # real networks that orrery confront trains, where theory covers training

    """
}
