extension Publication {
  /// Where parts of networks come from.
  static let networks: [Publication] = [
    .mcculloch1943logical, .rumelhart1986learning, .dugas2000incorporating, .nair2010rectified, .maas2013rectifier,
    .clevert2016fast, .hendrycks2016gaussian, .elfwing2018sigmoid, .ramachandran2017searching, .sitzmann2020implicit,
    .so2021primer, .lecun1998efficient, .glorot2010understanding, .saxe2014exact, .he2015delving, .chollet2015keras,
    .paszke2019pytorch, .heek2020flax, .ioffe2015batch, .ba2016layer, .vaswani2017attention, .zhang2019root,
    .yang2022tensor,
  ]

  // MARK: Activation functions

  public static let mcculloch1943logical = Publication(
    "mcculloch1943logical", ["McCulloch, Warren S.", "Pitts, Walter"],
    "A Logical Calculus of the Ideas Immanent in Nervous Activity", 1943,
    .article(journal: "The Bulletin of Mathematical Biophysics", volume: "5", number: "4", pages: "115–133"),
    doi: "10.1007/BF02478259")

  public static let rumelhart1986learning = Publication(
    "rumelhart1986learning", ["Rumelhart, David E.", "Hinton, Geoffrey E.", "Williams, Ronald J."],
    "Learning Representations by Back-Propagating Errors", 1986,
    .article(journal: "Nature", volume: "323", pages: "533–536"), doi: "10.1038/323533a0")

  public static let dugas2000incorporating = Publication(
    "dugas2000incorporating",
    ["Dugas, Charles", "Bengio, Yoshua", "Bélisle, François", "Nadeau, Claude", "Garcia, René"],
    "Incorporating Second-Order Functional Knowledge for Better Option Pricing", 2000,
    .proceedings("Advances in Neural Information Processing Systems", volume: "13", pages: "472–478"))

  public static let nair2010rectified = Publication(
    "nair2010rectified", ["Nair, Vinod", "Hinton, Geoffrey E."],
    "Rectified Linear Units Improve Restricted Boltzmann Machines", 2010,
    .proceedings("Proceedings of the 27th International Conference on Machine Learning", pages: "807–814"))

  public static let maas2013rectifier = Publication(
    "maas2013rectifier", ["Maas, Andrew L.", "Hannun, Awni Y.", "Ng, Andrew Y."],
    "Rectifier Nonlinearities Improve Neural Network Acoustic Models", 2013,
    .proceedings("Proceedings of the 30th International Conference on Machine Learning", volume: "30"))

  public static let clevert2016fast = Publication(
    "clevert2016fast", ["Clevert, Djork-Arné", "Unterthiner, Thomas", "Hochreiter, Sepp"],
    "Fast and Accurate Deep Network Learning by Exponential Linear Units (ELUs)", 2016,
    .proceedings("International Conference on Learning Representations"), arXiv: "1511.07289")

  public static let hendrycks2016gaussian = Publication(
    "hendrycks2016gaussian", ["Hendrycks, Dan", "Gimpel, Kevin"],
    "Gaussian Error Linear Units (GELUs)", 2016,
    .preprint, arXiv: "1606.08415")

  public static let elfwing2018sigmoid = Publication(
    "elfwing2018sigmoid", ["Elfwing, Stefan", "Uchibe, Eiji", "Doya, Kenji"],
    "Sigmoid-Weighted Linear Units for Neural Network Function Approximation in Reinforcement Learning", 2018,
    .article(journal: "Neural Networks", volume: "107", pages: "3–11"), arXiv: "1702.03118")

  public static let ramachandran2017searching = Publication(
    "ramachandran2017searching", ["Ramachandran, Prajit", "Zoph, Barret", "Le, Quoc V."],
    "Searching for Activation Functions", 2017,
    .preprint, arXiv: "1710.05941")

  public static let sitzmann2020implicit = Publication(
    "sitzmann2020implicit",
    ["Sitzmann, Vincent", "Martel, Julien N. P.", "Bergman, Alexander W.", "Lindell, David B.", "Wetzstein, Gordon"],
    "Implicit Neural Representations with Periodic Activation Functions", 2020,
    .proceedings("Advances in Neural Information Processing Systems", volume: "33"), arXiv: "2006.09661")

  public static let so2021primer = Publication(
    "so2021primer", ["So, David R.", "Mańke, Wojciech", "Liu, Hanxiao", "Dai, Zihang", "Shazeer, Noam", "Le, Quoc V."],
    "Primer: Searching for Efficient Transformers for Language Modeling", 2021,
    .proceedings("Advances in Neural Information Processing Systems", volume: "34"), arXiv: "2109.08668")

  // MARK: Initializations

  public static let lecun1998efficient = Publication(
    "lecun1998efficient", ["LeCun, Yann", "Bottou, Léon", "Orr, Genevieve B.", "Müller, Klaus-Robert"],
    "Efficient BackProp", 1998,
    .proceedings(
      "Neural Networks: Tricks of the Trade", series: "Lecture Notes in Computer Science", volume: "1524", pages: "9–50"
    ),
    doi: "10.1007/3-540-49430-8_2")

  public static let glorot2010understanding = Publication(
    "glorot2010understanding", ["Glorot, Xavier", "Bengio, Yoshua"],
    "Understanding the Difficulty of Training Deep Feedforward Neural Networks", 2010,
    .proceedings(
      "Proceedings of the 13th International Conference on Artificial Intelligence and Statistics",
      series: "Proceedings of Machine Learning Research", volume: "9", pages: "249–256"))

  public static let saxe2014exact = Publication(
    "saxe2014exact", ["Saxe, Andrew M.", "McClelland, James L.", "Ganguli, Surya"],
    "Exact Solutions to the Nonlinear Dynamics of Learning in Deep Linear Neural Networks", 2014,
    .proceedings("International Conference on Learning Representations"), arXiv: "1312.6120")

  public static let he2015delving = Publication(
    "he2015delving", ["He, Kaiming", "Zhang, Xiangyu", "Ren, Shaoqing", "Sun, Jian"],
    "Delving Deep into Rectifiers: Surpassing Human-Level Performance on ImageNet Classification", 2015,
    .proceedings("IEEE International Conference on Computer Vision"), arXiv: "1502.01852")

  public static let chollet2015keras = Publication(
    "chollet2015keras", ["Chollet, François", "others"],
    "Keras", 2015,
    .other(), url: "https://keras.io")

  public static let paszke2019pytorch = Publication(
    "paszke2019pytorch", ["Paszke, Adam", "others"],
    "PyTorch: An Imperative Style, High-Performance Deep Learning Library", 2019,
    .proceedings("Advances in Neural Information Processing Systems", volume: "32"), arXiv: "1912.01703")

  public static let heek2020flax = Publication(
    "heek2020flax",
    [
      "Heek, Jonathan", "Levskaya, Anselm", "Oliver, Avital", "Ritter, Marvin", "Rondepierre, Bertrand",
      "Steiner, Andreas", "van Zee, Marc",
    ],
    "Flax: A Neural Network Library and Ecosystem for JAX", 2020,
    .other(), url: "https://github.com/google/flax")

  // MARK: Layers

  public static let ioffe2015batch = Publication(
    "ioffe2015batch", ["Ioffe, Sergey", "Szegedy, Christian"],
    "Batch Normalization: Accelerating Deep Network Training by Reducing Internal Covariate Shift", 2015,
    .proceedings("Proceedings of the 32nd International Conference on Machine Learning"), arXiv: "1502.03167")

  public static let ba2016layer = Publication(
    "ba2016layer", ["Ba, Jimmy Lei", "Kiros, Jamie Ryan", "Hinton, Geoffrey E."],
    "Layer Normalization", 2016,
    .preprint, arXiv: "1607.06450")

  public static let vaswani2017attention = Publication(
    "vaswani2017attention",
    [
      "Vaswani, Ashish", "Shazeer, Noam", "Parmar, Niki", "Uszkoreit, Jakob", "Jones, Llion", "Gomez, Aidan N.",
      "Kaiser, Łukasz", "Polosukhin, Illia",
    ],
    "Attention Is All You Need", 2017,
    .proceedings("Advances in Neural Information Processing Systems", volume: "30"), arXiv: "1706.03762")

  public static let zhang2019root = Publication(
    "zhang2019root", ["Zhang, Biao", "Sennrich, Rico"],
    "Root Mean Square Layer Normalization", 2019,
    .proceedings("Advances in Neural Information Processing Systems", volume: "32"), arXiv: "1910.07467")

  public static let yang2022tensor = Publication(
    "yang2022tensor",
    [
      "Yang, Greg", "Hu, Edward J.", "Babuschkin, Igor", "Sidor, Szymon", "Liu, Xiaodong", "Farhi, David",
      "Ryder, Nick", "Pachocki, Jakub", "Chen, Weizhu", "Gao, Jianfeng",
    ],
    "Tensor Programs V: Tuning Large Neural Networks via Zero-Shot Hyperparameter Transfer", 2022,
    .preprint, arXiv: "2203.03466")
}
