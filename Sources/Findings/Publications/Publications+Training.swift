extension Publication {
  /// How networks are trained.
  static let training: [Publication] = [
    .robbins1951stochastic, .polyak1964some, .nesterov1983method, .sutskever2013importance, .kingma2015adam,
    .loshchilov2019decoupled, .tieleman2012lecture, .chen2023symbolic, .jordan2024muon, .liu2025muon,
    .loshchilov2017sgdr, .hu2024minicpm, .pascanu2013difficulty, .dormand1980family,
  ]

  public static let robbins1951stochastic = Publication(
    "robbins1951stochastic", ["Robbins, Herbert", "Monro, Sutton"],
    "A Stochastic Approximation Method", 1951,
    .article(journal: "The Annals of Mathematical Statistics", volume: "22", number: "3", pages: "400–407"),
    doi: "10.1214/aoms/1177729586")

  public static let polyak1964some = Publication(
    "polyak1964some", ["Polyak, Boris T."],
    "Some Methods of Speeding up the Convergence of Iteration Methods", 1964,
    .article(
      journal: "USSR Computational Mathematics and Mathematical Physics", volume: "4", number: "5", pages: "1–17"),
    doi: "10.1016/0041-5553(64)90137-5")

  public static let nesterov1983method = Publication(
    "nesterov1983method", ["Nesterov, Yurii"],
    "A Method for Solving the Convex Programming Problem with Convergence Rate O(1/k²)", 1983,
    .article(journal: "Doklady Akademii Nauk SSSR", volume: "269", number: "3", pages: "543–547"))

  public static let sutskever2013importance = Publication(
    "sutskever2013importance", ["Sutskever, Ilya", "Martens, James", "Dahl, George", "Hinton, Geoffrey"],
    "On the Importance of Initialization and Momentum in Deep Learning", 2013,
    .proceedings(
      "Proceedings of the 30th International Conference on Machine Learning",
      series: "Proceedings of Machine Learning Research", volume: "28", pages: "1139–1147"))

  public static let kingma2015adam = Publication(
    "kingma2015adam", ["Kingma, Diederik P.", "Ba, Jimmy"],
    "Adam: A Method for Stochastic Optimization", 2015,
    .proceedings("International Conference on Learning Representations"), arXiv: "1412.6980")

  public static let loshchilov2019decoupled = Publication(
    "loshchilov2019decoupled", ["Loshchilov, Ilya", "Hutter, Frank"],
    "Decoupled Weight Decay Regularization", 2019,
    .proceedings("International Conference on Learning Representations"), arXiv: "1711.05101")

  public static let tieleman2012lecture = Publication(
    "tieleman2012lecture", ["Tieleman, Tijmen", "Hinton, Geoffrey"],
    "Lecture 6.5—RMSProp: Divide the Gradient by a Running Average of Its Recent Magnitude", 2012,
    .other(publisher: "Coursera: Neural Networks for Machine Learning"))

  public static let chen2023symbolic = Publication(
    "chen2023symbolic",
    [
      "Chen, Xiangning", "Liang, Chen", "Huang, Da", "Real, Esteban", "Wang, Kaiyuan", "Liu, Yao", "Pham, Hieu",
      "Dong, Xuanyi", "Luong, Thang", "Hsieh, Cho-Jui", "Lu, Yifeng", "Le, Quoc V.",
    ],
    "Symbolic Discovery of Optimization Algorithms", 2023,
    .proceedings("Advances in Neural Information Processing Systems", volume: "36"), arXiv: "2302.06675")

  public static let jordan2024muon = Publication(
    "jordan2024muon",
    [
      "Jordan, Keller", "Jin, Yuchen", "Boza, Vlado", "You, Jiacheng", "Cesista, Franz", "Newhouse, Laker",
      "Bernstein, Jeremy",
    ],
    "Muon: An Optimizer for Hidden Layers in Neural Networks", 2024,
    .other(), url: "https://kellerjordan.github.io/posts/muon/")

  public static let liu2025muon = Publication(
    "liu2025muon", ["Liu, Jingyuan", "Su, Jianlin", "Yao, Xingcheng", "others"],
    "Muon is Scalable for LLM Training", 2025,
    .preprint, arXiv: "2502.16982")

  public static let loshchilov2017sgdr = Publication(
    "loshchilov2017sgdr", ["Loshchilov, Ilya", "Hutter, Frank"],
    "SGDR: Stochastic Gradient Descent with Warm Restarts", 2017,
    .proceedings("International Conference on Learning Representations"), arXiv: "1608.03983")

  public static let hu2024minicpm = Publication(
    "hu2024minicpm", ["Hu, Shengding", "Tu, Yuge", "Han, Xu", "others"],
    "MiniCPM: Unveiling the Potential of Small Language Models with Scalable Training Strategies", 2024,
    .preprint, arXiv: "2404.06395")

  public static let pascanu2013difficulty = Publication(
    "pascanu2013difficulty", ["Pascanu, Razvan", "Mikolov, Tomas", "Bengio, Yoshua"],
    "On the Difficulty of Training Recurrent Neural Networks", 2013,
    .proceedings("Proceedings of the 30th International Conference on Machine Learning"), arXiv: "1211.5063")

  public static let dormand1980family = Publication(
    "dormand1980family", ["Dormand, John R.", "Prince, Peter J."],
    "A Family of Embedded Runge–Kutta Formulae", 1980,
    .article(journal: "Journal of Computational and Applied Mathematics", volume: "6", number: "1", pages: "19–26"),
    doi: "10.1016/0771-050X(80)90013-3")
}
